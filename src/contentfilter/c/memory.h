/* Memory that grows, and a hint to fetch some. */

#pragma once

#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)0)
#endif

typedef struct {
    void *content;
    size_t used, room; /* elements */
} Growing;

/* Room for one more element of `size` bytes; 0 and a MemoryError where there is none. */
static int
grow(Growing *growing, size_t more, size_t size)
{
    if (growing->used + more <= growing->room)
        return 1;
    size_t room = growing->room ? growing->room * 2 : 256;
    while (room < growing->used + more)
        room *= 2;
    void *content = room <= PY_SSIZE_T_MAX / size ? realloc(growing->content, room * size) : NULL;
    if (content == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    growing->content = content;
    growing->room = room;
    return 1;
}
