"""`contentfilter playground`."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path

import click

from contentfilter import options
from contentfilter.errors import ContentFilterError


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Where to serve the page; 0: any free port.")
@options.packs
@options.overlays
def playground(port: int, packs: tuple[Path, ...], overlays: tuple[Path, ...]) -> None:
    """Try texts and words on a local page, for this machine only, until Ctrl-C."""
    from contentfilter.filter import ContentFilter
    from contentfilter.playground.server import serving
    from contentfilter.playground.trial import trial

    answer = trial(ContentFilter(packs=packs), overlays)
    try:
        with serving(answer, port) as server, suppress(KeyboardInterrupt):
            click.echo(f"http://{server.hosts[0]}/  (Ctrl-C stops it)")
            server.serve_forever()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise ContentFilterError(f"port {port}: {error.strerror}; choose another with --port, or --port 0 for any free one") from error
