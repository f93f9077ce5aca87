#!/usr/bin/env python3
"""Writes reference.txt: when the hours of hours.json change between open, closed
and holiday, in 40 time zones.

It knows nothing of the program that is tested by it: it asks Python's zoneinfo
what clocks show, minute by minute, and looks that up in the hours by the rules
of the product sheet, sections 3.3 and 11. It covers three days around every
change of a zone's clocks in 2026 (around the European ones where there is none)
and the exceptions of hours.json from 22 December to 4 January.

    python3 reference.py > reference.txt
"""
import json
import pathlib
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = """
Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos America/Anchorage America/Bogota America/Chicago
America/Denver America/Halifax America/Havana America/Los_Angeles America/New_York America/Nuuk America/Phoenix
America/Santiago America/Sao_Paulo America/St_Johns Antarctica/Troll Asia/Beirut Asia/Dubai Asia/Jerusalem Asia/Kathmandu
Asia/Kolkata Asia/Tehran Asia/Tokyo Atlantic/Azores Australia/Adelaide Australia/Lord_Howe Australia/Sydney Europe/Chisinau
Europe/Dublin Europe/Istanbul Europe/London Europe/Stockholm Pacific/Auckland Pacific/Chatham Pacific/Honolulu
Pacific/Kiritimati Pacific/Norfolk UTC
""".split()
MINUTE = timedelta(minutes=1)
DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

hours = json.loads(pathlib.Path(__file__).with_name("hours.json").read_text())


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def covers(e, day):
    first, last = date.fromisoformat(e["from"]), date.fromisoformat(e["to"])
    if not e.get("yearly"):
        return first <= day <= last
    years = (day.year - 1, day.year)
    return any(first.replace(year=y) <= day <= last.replace(year=last.year - first.year + y) for y in years)


def exception_of(day):
    """A single date beats a range; of equals the first counts."""
    found = [e for e in hours["exceptions"] if covers(e, day)]
    single = [e for e in found if e["from"] == e["to"]]
    return (single + found + [None])[0]


def ranges_of(day):
    e = exception_of(day)
    return e.get("hours", []) if e else hours["week"][day.isoweekday() % 7]


def state(local):
    today, minute = local.date(), local.hour * 60 + local.minute
    for r in ranges_of(today):
        end = r["to"] if r["to"] > r["from"] else 9999  # past midnight
        if r["from"] <= minute < end:
            return "open"
    for r in ranges_of(today - timedelta(days=1)):
        if r["to"] < r["from"] and minute < r["to"]:
            return "open"
    e = exception_of(today)
    return "holiday" if e and not e.get("hours") else "closed"


def changes(zone):
    """The minutes of 2026 at which a zone's clocks change."""
    out, t = [], at("2026-01-01")
    while t < at("2027-01-01"):
        later = t + timedelta(hours=1)
        if t.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            while t.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
                t += MINUTE
            out.append(t)
        t = later
    return out


def windows(zone):
    around = changes(zone) or [at("2026-03-29T01:00"), at("2026-10-25T01:00")]
    spans = [(t - timedelta(days=3), t + timedelta(days=3)) for t in around]
    return spans + [(at("2026-12-22"), at("2027-01-04"))]


def main():
    for name in ZONES:
        zone = ZoneInfo(name)
        for first, last in windows(zone):
            before, t = None, first
            while t < last:
                now = state(t.astimezone(zone))
                if now != before:
                    print(name, t.strftime("%Y-%m-%dT%H:%MZ"), now)
                before, t = now, t + MINUTE
            print(name, last.strftime("%Y-%m-%dT%H:%MZ"), "-")


assert len(ZONES) == 40
main()
