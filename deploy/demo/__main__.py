"""`python -m deploy.demo`: plays the article, appointments, a change of plan and a morning in a Waiting Area against a running stack, prints each step, and fails when anything is not so."""

import argparse
import json
import os
import secrets
import sys
import time
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from deploy.demo.appointments import Appointments
from deploy.demo.article import Article
from deploy.demo.growing import Growing
from deploy.demo.morning import Morning
from deploy.demo.stage import Failed, stage


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run demo")
    default = Path(os.environ.get("HOUSECALL_RUN_DIR", ".run"))
    parser.add_argument("--run-dir", type=Path, default=default, help="where the running stack keeps its demo.json")
    folder: Path = parser.parse_args().run_dir
    stack = json.loads((folder / "demo.json").read_text())
    pictures = folder / "demo"
    began = time.monotonic()
    print("By real browsers on the running stack:", flush=True)
    try:
        with stage(pictures, lambda text: print(text, flush=True)) as opened:
            run_id = secrets.token_hex(3)
            practice = Growing(opened, stack, folder, run_id)
            appointments = Appointments(opened, stack, practice.open(), run_id)
            appointments.book_soon()
            print("The first consultation:", flush=True)
            Article(opened, stack, run_id).play()
            print("Appointments, and the calendar that follows:", flush=True)
            appointments.move_and_cancel()
            print("A practice that grows out of its plan:", flush=True)
            practice.play()
            print("A morning in its Waiting Area:", flush=True)
            Morning(opened, stack, folder, practice.owner, run_id).play()
            print("What was due meanwhile:", flush=True)
            appointments.reminded()
    except (Failed, AssertionError, PlaywrightError) as problem:
        print(
            f"\nNot as the article says: {problem}\nPictures of what was on the screens are in {pictures}.",
            file=sys.stderr,
        )
        return 1
    print(f"All of it is so, in {time.monotonic() - began:.0f} s. Pictures: {pictures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
