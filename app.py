"""码上就来: makes the Chalice app and registers what it serves. No logic here."""

from chalice import Chalice

app = Chalice(app_name="mslj")
