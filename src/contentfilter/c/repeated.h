/* What stands in several lines of a text, and in none by a guess. */

#pragma once

#include "work.h"

/* The chunk in which a place of a line is. */
static size_t
chunk_at(const uint32_t *starts, size_t chunks, Py_ssize_t place)
{
    size_t low = 0, high = chunks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((Py_ssize_t)starts[middle] <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* Where a hit of another line stands in the first one; -1 where it has to do with a guess. */
static Py_ssize_t
start_as_written(const Work *work, const Hit *hit)
{
    const uint32_t *written = work->starts.content, *starts = written + hit->line * (work->chunks + 1), *guessed = work->guessed.content;
    size_t first = chunk_at(starts, work->chunks, hit->start), last = chunk_at(starts, work->chunks, hit->end - 1);
    return guessed[last + 1] > guessed[first] ? -1 : hit->start - starts[first] + written[first];
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
