/* What stands in several lines of a text, and in none by a guess. */

#pragma once

#include "work.h"

/* Where a hit of another line stands in the first one; -1 where a guess is in it. */
static Py_ssize_t
start_as_written(const Work *work, const Hit *hit)
{
    if (holds_guess(work, hit->line, hit->start, hit->end))
        return -1;
    const uint32_t *written = work->starts.content, *starts = written + hit->line * (work->told.used + 1);
    size_t first = chunk_at(starts, work->told.used, hit->start);
    return hit->start - starts[first] + written[first];
}

/* Of what stands from `from` on, line after line, drop what stands in the first line too: further lines repeat what is no guess. */
static void
drop_repeated(Work *work, size_t from)
{
    Hit *hits = work->standing.content;
    size_t end = work->standing.used, behind = from, kept, place;
    while (behind < end && hits[behind].line == 0)
        behind++;
    kept = place = behind;
    for (size_t i = behind; i < end; i++) {
        if (i == behind || hits[i].line != hits[i - 1].line)
            place = from; /* both lines are in order of their ends */
        Py_ssize_t start = behind > from ? start_as_written(work, &hits[i]) : -1, stop = start + hits[i].end - hits[i].start;
        int repeated = 0;
        if (start >= 0) {
            while (place < behind && hits[place].end < stop)
                place++;
            for (size_t other = place; other < behind && hits[other].end == stop && !repeated; other++)
                repeated = hits[other].start == start && hits[other].held.term == hits[i].held.term &&
                           hits[other].held.missing == hits[i].held.missing;
        }
        if (!repeated)
            hits[kept++] = hits[i];
    }
    work->standing.used = kept;
}
