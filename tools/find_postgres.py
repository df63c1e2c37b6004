"""Prints the address of a PostgreSQL where tests may make databases, else says why not.

DATABASE_URL comes first, then the local server over its socket and over 127.0.0.1:5432.
Runs in the project's environment (psycopg).
"""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg

LOCAL = (
    "postgresql:///postgres",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)
MAY_CREATE = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"


def refusal(url: str) -> str:
    """Why tests cannot use the server at this address; empty when they can."""
    try:
        with psycopg.connect(url, connect_timeout=3) as link:
            allowed = link.execute(MAY_CREATE).fetchone()
    except psycopg.Error as fault:
        return str(fault).strip().splitlines()[0]
    return "" if allowed and allowed[0] else "its user may not create databases"


def own_database(url: str) -> str:
    """The same server with a database name of this run, so that two runs do not meet."""
    return urlunsplit(urlsplit(url)._replace(path=f"/rembug_{os.getpid()}"))


def main() -> int:
    """Print the first address that works; 1 and the reasons when none does."""
    given = os.environ.get("DATABASE_URL", "")
    asked = (given,) if given.startswith("postgres") else LOCAL
    reasons = []
    for url in asked:
        reason = refusal(url)
        if not reason:
            print(own_database(url))
            return 0
        reasons.append(reason)
    print(f"no server to use: {'; '.join(reasons)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
