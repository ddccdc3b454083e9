"""What Peyvand is made of, and whether that is known to be unsafe: `python -m services.cli.dependencies [sbom|audit]`.

`sbom` writes a CycloneDX document of the locked Python packages and of the servers' jars; it needs no network. `audit`
asks for known vulnerabilities of the packages, and for that a database has to be reached. What could not be looked up is
never taken for safe. Exit codes: 0 all were looked up and nothing is known; 1 something is; 6 not all could be looked up.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from services.local.lockfile import read_lock

ROOT: Final = Path(__file__).parents[2]
LOCK: Final = ROOT / "requirements.lock"
SBOM: Final = ROOT / "build" / "sbom.cdx.json"
SERVICES: Final = ("pypi", "osv")
SECONDS: Final = 300
EXIT_VULNERABLE: Final = 1
EXIT_UNKNOWN: Final = 6


def write_sbom(to: Path = SBOM, lock: Path = LOCK) -> int:
    """Write the document; returns how many components it names."""
    to.parent.mkdir(parents=True, exist_ok=True)
    made = _run(
        "cyclonedx_py", "requirements", str(lock), "--pyproject", str(ROOT / "pyproject.toml"),
        "--output-reproducible", "--short-PURLs", "--of", "JSON", "-o", str(to),
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(made.stderr)
    document: dict[str, Any] = json.loads(to.read_text(encoding="utf-8"))
    document["components"] = [*document["components"], *_jars()]
    to.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(document["components"])


def _jars() -> Iterator[dict[str, Any]]:
    """The jars of the embedded servers, which no Python package names."""
    seen: set[str] = set()
    for jars in read_lock().values():
        for jar in jars:
            group, artifact, version, *classifier = jar.coordinate.split(":")
            suffix = f"?classifier={classifier[0]}" if classifier else ""
            purl = f"pkg:maven/{group}/{artifact}@{version}{suffix}"
            if purl not in seen:
                seen.add(purl)
                hashes = [{"alg": "SHA-256", "content": jar.sha256}]
                yield {
                    "type": "library", "bom-ref": purl, "group": group, "name": artifact, "version": version,
                    "purl": purl, "hashes": hashes,
                }  # fmt: skip


def audit(lock: Path = LOCK) -> int:
    """Look every locked package up in a database of vulnerabilities; prints what is known and returns the exit code."""
    why: list[str] = []
    for service in SERVICES:
        found = _run(
            "pip_audit", "--disable-pip", "--require-hashes", "-r", str(lock), "-s", service, "-f", "json",
            "--progress-spinner", "off", "--timeout", "15",
        )  # fmt: skip
        try:
            rows: list[dict[str, Any]] = json.loads(found.stdout)["dependencies"]
        except (ValueError, KeyError):
            last = found.stderr.strip().splitlines()[-1:] or ["no answer"]
            why.append(f"{service}: {last[0][:300]}")
            continue
        if any("skip_reason" not in row for row in rows):
            return _judged(service, rows)
        why.append(f"{service}: it knows none of the {len(rows)} packages, as a mirror of the registry may not.")
    _say("The packages could NOT be audited: no database of vulnerabilities answered for them.", *why)
    return EXIT_UNKNOWN


def _judged(service: str, rows: list[dict[str, Any]]) -> int:
    skipped = [row["name"] for row in rows if "skip_reason" in row]
    known = [(row["name"], row["version"], one) for row in rows for one in row.get("vulns", [])]
    for name, version, one in known:
        fixes = ", ".join(one.get("fix_versions", [])) or "none"
        _say(f"{name} {version}: {one['id']}, fixed in: {fixes}")
    looked_up = len(rows) - len(skipped)
    _say(f"{looked_up} of {len(rows)} packages were looked up ({service}); {len(known)} vulnerabilities are known.")
    if skipped:
        few = ", ".join(skipped[:10]) + (", ..." if len(skipped) > 10 else "")  # noqa: PLR2004 - enough to see which
        _say(f"NOT audited: {len(skipped)} packages that the database does not know: {few}.")
        _say(
            "Where the registry is a mirror it may have no vulnerabilities at all: run this where the real one is reached."
        )
    return EXIT_VULNERABLE if known else EXIT_UNKNOWN if skipped else 0


def _run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 - our own tools


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def main(arguments: list[str]) -> int:
    """Do what is asked, both when nothing is; returns the exit code."""
    code = 0
    if "sbom" in arguments or not arguments:
        _say(f"{write_sbom()} components in {SBOM.relative_to(ROOT)}.")
    if "audit" in arguments or not arguments:
        code = audit()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
