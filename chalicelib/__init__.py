"""码上就来: the service."""

import gc

# Python looks for cycles after every 700 new objects. A process makes 300,000 while it starts, and keeps them: to look
# at them again and again was a fifth of the start. The last line of app.py says from when on it looks, and how often.
gc.set_threshold(400_000, 10, 10)
