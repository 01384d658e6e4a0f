/* Of what holds in a line what stands: what no allowed phrase swallows, on word borders, in the company that it needs. */

#pragma once

#include "spots.h"

static int
by_place(const void *one, const void *other)
{
    const Span *first = one, *second = other;
    if (first->start != second->start)
        return first->start < second->start ? -1 : 1;
    return (first->end > second->end) - (first->end < second->end);
}

static void
order(Span *spans, size_t number)
{
    if (number > 1)
        qsort(spans, number, sizeof(Span), by_place);
    for (size_t i = 0; i < number; i++)
        spans[i].farthest = i > 0 && spans[i - 1].farthest > spans[i].end ? spans[i - 1].farthest : spans[i].end;
}

/* How many of the spans, in order, start before a place. */
static size_t
before(const Span *spans, size_t number, Py_ssize_t place)
{
    size_t low = 0, high = number;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spans[middle].start < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* May a hit stand beside these allowed phrases? */
static enum Verdict
beside_allowed(const Verifier *self, const Work *work, const Line *line, const Hit *hit, Asked *asked)
{
    const Span *allowed = (const Span *)work->allowed.content + line->allowed;
    size_t number = line[1].allowed - line->allowed;
    if (number == 0)
        return FOUND; /* most often */
    size_t behind = before(allowed, number, hit->start + 1);
    if (!(hit->held.flags & NEGATIVE) && behind > 0 && allowed[behind - 1].farthest >= hit->end)
        return NOTHING; /* one contains it */
    if (!(hit->held.flags & SEGMENT))
        return FOUND;
    for (size_t i = before(allowed, number, hit->start - LONGEST_WORD); i < number && allowed[i].start < hit->end; i++) {
        Py_ssize_t start = allowed[i].start, end = allowed[i].end;
        int crosses = (start < hit->start && hit->start < end && end < hit->end) ||
                      (hit->start < start && start < hit->end && hit->end < end);
        if (!crosses)
            continue;
        if (hit->held.flags & PARTIAL)
            return UNSURE;
        if (hit->held.missing)
            return NOTHING; /* without tones a segmentation knows nothing */
        return answered(self, work, line, hit->start, hit->end, ON_BORDERS, asked);
    }
    return FOUND;
}

static int
is_ambiguous(const Hit *hit)
{
    return hit->held.company >= 0 || (hit->held.missing > 0 && hit->held.flags & ADDRESSED);
}

/* Lies abuse that needs no company itself in what stands before or after a hit? */
static int
has_abuse(const Work *work, const Hit *hit, const Around *around)
{
    const Span *abuse = work->abuse.content;
    for (size_t i = before(abuse, work->abuse.used, around->low); i < work->abuse.used && abuse[i].start < around->high; i++)
        if (abuse[i].end <= hit->start || (hit->end <= abuse[i].start && abuse[i].end <= around->high))
            return 1;
    return 0;
}

static int
has_company(const Verifier *self, const Work *work, const Line *line, const Hit *hit, const Model *model)
{
    const Company *companies = self->companies.all.content;
    Py_ssize_t asked[2] = {hit->held.company, hit->held.missing > 0 && hit->held.flags & ADDRESSED ? model->address : -1};
    Around around = {0};
    for (int i = 0; i < 2; i++) {
        if (asked[i] < 0 || (companies[asked[i]].model && model->toxic))
            continue;
        if (around.line == NULL)
            around = around_span(work, line, hit->start, hit->end, hit->held.company < 0 ? NEAR : hit->held.within);
        if (!stands(&self->companies, &companies[asked[i]], &around) && !(companies[asked[i]].abuse && has_abuse(work, hit, &around)))
            return 0;
    }
    return 1;
}

static int
append_abuse(Work *work, const Hit *hits, size_t number)
{
    if (!grow(&work->abuse, number, sizeof(Span)))
        return 0;
    for (size_t i = 0; i < number; i++)
        if (hits[i].held.flags & ABUSIVE && !is_ambiguous(&hits[i]))
            ((Span *)work->abuse.content)[work->abuse.used++] = (Span){hits[i].start, hits[i].end, 0};
    return 1;
}

/* Append those of the hits asked for, which are of one line, that stand; `besides` of those in `standing`, up to `besides_end`, stand in
   the line too. */
static enum Verdict
append_standing(const Verifier *self, Work *work, const Line *line, const Model *model, size_t besides, size_t besides_end, Asked *asked)
{
    Hit *hits = work->chosen.content;
    size_t kept = 0;
    int ambiguous = 0;
    enum Verdict verdict = FOUND;
    for (size_t i = 0; i < work->chosen.used; i++) {
        enum Verdict own = beside_allowed(self, work, line, &hits[i], asked);
        if (own == FAILED || own == UNSURE)
            return own;
        if (own == PENDING)
            verdict = PENDING;
        if (own == FOUND) {
            hits[kept++] = hits[i];
            ambiguous |= is_ambiguous(&hits[i]);
        }
    }
    if (verdict == PENDING)
        return verdict;
    if (!grow(&work->standing, kept, sizeof(Hit)))
        return FAILED;
    if (ambiguous) {
        work->abuse.used = 0;
        if (!append_abuse(work, (const Hit *)work->standing.content + besides, besides_end - besides) || !append_abuse(work, hits, kept))
            return FAILED;
        order(work->abuse.content, work->abuse.used);
    }
    for (size_t i = 0; i < kept; i++)
        if (!is_ambiguous(&hits[i]) || has_company(self, work, line, &hits[i], model))
            ((Hit *)work->standing.content)[work->standing.used++] = hits[i];
    return FOUND;
}

#define ANY UINT32_MAX

/* Choose those of a line's hits that have any of some flags and none of others, and share a category; ANY takes all. */
static int
choose(Work *work, const Line *line, uint32_t flags, uint32_t none, uint32_t categories)
{
    work->chosen.used = 0;
    if (!grow(&work->chosen, line[1].hits - line->hits, sizeof(Hit)))
        return 0;
    for (size_t i = line->hits; i < line[1].hits; i++) {
        const Hit *hit = (const Hit *)work->hits.content + i;
        int has_flags = (flags == ANY || hit->held.flags & flags) && !(hit->held.flags & none);
        if (has_flags && (categories == ANY || hit->held.categories & categories))
            ((Hit *)work->chosen.content)[work->chosen.used++] = *hit;
    }
    return 1;
}
