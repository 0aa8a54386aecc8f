"""`make judge WHAT=danger|concerned DATA=file.csv`: labelled sentences through the very code that reports and comments take."""
