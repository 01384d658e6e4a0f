"""A Discord bot that hides what is blocked and tells moderators what to look at.

pip install discord.py && DISCORD_TOKEN=… MODERATORS=channel-id python examples/chat_bot.py
"""

from __future__ import annotations

import os
from typing import NamedTuple

from contentfilter import Action, ContentFilter, Result

moderation = ContentFilter()


class Reply(NamedTuple):
    """What the bot does about a message."""

    delete: bool
    answer: str | None
    report: str | None
    """What moderators are told: masked, so that nobody reads abuse who need not."""


def judge(text: str) -> Reply:
    """What to do about a message; of what is found, nothing is kept."""
    result = moderation.classify(text)
    if result.action is Action.ALLOW:
        return Reply(False, None, None)
    if result.action is Action.MASK:
        return Reply(True, f"Tin nhắn đã được che bớt: {result.masked}", None)
    if result.action is Action.BLOCK:
        return Reply(True, "Tin nhắn không phù hợp nên đã bị gỡ.", _report(result))
    return Reply(False, None, _report(result))


def _report(result: Result) -> str:
    found = ", ".join(sorted({match.category for match in result.matches})) or "mô hình"
    return f"{result.action} ({found}): {result.masked}"


def main() -> None:
    """Listen until stopped."""
    import discord

    intents = discord.Intents.default()
    intents.message_content = True
    client = discord.Client(intents=intents)

    @client.event
    async def on_message(message: discord.Message) -> None:
        if message.author.bot:
            return
        reply = judge(message.content)
        if reply.delete:
            await message.delete()
        if reply.answer:
            await message.channel.send(reply.answer)
        if reply.report:
            moderators = client.get_channel(int(os.environ["MODERATORS"]))
            await moderators.send(f"{message.channel.mention}: {reply.report}")

    client.run(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    main()
