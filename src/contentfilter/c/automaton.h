/* `Automaton`: where keys stand in a text (Aho and Corasick, "Efficient string matching", CACM 18, 1975); its twin is in
   match/automaton.py. */

#pragma once

#include "memory.h"

#define NO_KEY UINT32_MAX
#define ROOTS 512 /* Latin letters; those of Vietnamese are looked for without diacritics */
#define FEW 8

typedef struct {
    uint32_t label; /* the code point that leads here */
    uint32_t first; /* its children are nodes[first : first of the next node], in order of their labels */
    uint32_t fail; /* where the longest end of what led here stands that is a beginning of a key */
    uint32_t key; /* the number of the key that ends here, or NO_KEY */
    uint32_t shorter; /* the nearest node on the way of fails in which a key ends; 0 for none */
    uint32_t labels; /* a bit for the label of each child, shared by every 32nd: most nodes have none that fits */
} Node;

typedef struct {
    uint32_t label, child, sibling, key; /* siblings in order of their labels; 0 for none */
} Branch;

typedef struct {
    uint32_t length; /* of what a key finds: its own spaces at either end are no part of it */
    uint32_t behind; /* 0 where it ends with a space */
} Extent;

typedef struct {
    PyObject_HEAD
    Node *nodes; /* breadth first, and one more */
    uint32_t roots[2][ROOTS]; /* where low code points lead from the root, and from behind a space: two in three steps */
    Extent *extents; /* by key */
    Py_ssize_t keys;
} Automaton;

typedef struct {
    Py_ssize_t start, end;
    uint32_t key;
} Spot;

/* The child of a node to which a code point leads; 0 for none. */
static inline uint32_t
child_of(const Node *nodes, uint32_t node, uint32_t label)
{
    if (!(nodes[node].labels >> (label & 31) & 1))
        return 0;
    uint32_t low = nodes[node].first, high = nodes[node + 1].first, end = high;
    if (end - low <= FEW) {
        while (low < end && nodes[low].label < label)
            low++;
        high = low;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (nodes[middle].label < label)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && nodes[low].label == label ? low : 0;
}

/* Append the spots of keys in a text, in order of their ends, of those the longest first. */
static int
append_spots(const Automaton *self, const uint32_t *text, Py_ssize_t length, Growing *spots)
{
    const Node *nodes = self->nodes;
    const uint32_t space = self->roots[0][' '];
    uint32_t node = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        uint32_t next, label = text[i];
        for (;;) {
            if (label < ROOTS && (node == 0 || node == space))
                next = self->roots[node != 0][label];
            else
                next = child_of(nodes, node, label);
            if (next || !node)
                break;
            node = nodes[node].fail;
        }
        node = next;
        for (uint32_t at = nodes[node].key != NO_KEY ? node : nodes[node].shorter; at; at = nodes[at].shorter) {
            if (!grow(spots, 1, sizeof(Spot)))
                return 0;
            Extent extent = self->extents[nodes[at].key];
            Py_ssize_t end = i + extent.behind;
            ((Spot *)spots->content)[spots->used++] = (Spot){end - extent.length, end, nodes[at].key};
        }
    }
    return 1;
}

/* Lay a key into a tree of branches. */
static int
plant(Growing *tree, PyObject *key, uint32_t number)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(key);
    if (tree->used + (size_t)length >= NO_KEY) {
        PyErr_SetString(PyExc_OverflowError, "keys: more than an automaton holds");
        return 0;
    }
    if (!grow(tree, (size_t)length, sizeof(Branch)))
        return 0;
    Branch *branches = tree->content;
    uint32_t at = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        uint32_t label = PyUnicode_READ_CHAR(key, i), *link = &branches[at].child;
        while (*link && branches[*link].label < label)
            link = &branches[*link].sibling;
        if (!*link || branches[*link].label != label) {
            branches[tree->used] = (Branch){label, 0, *link, NO_KEY};
            *link = (uint32_t)tree->used++;
        }
        at = *link;
    }
    if (branches[at].key != NO_KEY || at == 0) {
        PyErr_Format(PyExc_ValueError, "keys[%u]: empty, or the same as another", number);
        return 0;
    }
    branches[at].key = number;
    return 1;
}

/* Number the branches breadth first, and link each node to where matching goes on when no child fits. */
static int
link_nodes(Automaton *self, const Growing *tree)
{
    const Branch *branches = tree->content;
    uint32_t *order = malloc(tree->used * sizeof(uint32_t)), used = 1;
    Node *nodes = self->nodes = malloc((tree->used + 1) * sizeof(Node));
    if (order == NULL || nodes == NULL) {
        free(order);
        PyErr_NoMemory();
        return 0;
    }
    order[0] = 0;
    nodes[0] = (Node){0, 1, 0, NO_KEY, 0, 0};
    for (uint32_t node = 0; node < tree->used; node++) {
        nodes[node].first = used;
        for (uint32_t branch = branches[order[node]].child; branch; branch = branches[branch].sibling) {
            uint32_t label = branches[branch].label, fail = 0;
            for (uint32_t at = node; at && !fail;) {
                at = nodes[at].fail;
                fail = child_of(nodes, at, label);
            }
            uint32_t shorter = nodes[fail].key != NO_KEY ? fail : nodes[fail].shorter;
            nodes[used] = (Node){label, 0, fail, branches[branch].key, shorter, 0};
            nodes[node].labels |= 1u << (label & 31);
            order[used++] = branch;
        }
    }
    nodes[tree->used] = (Node){0, used, 0, NO_KEY, 0, 0};
    free(order);
    for (uint32_t label = 0; label < ROOTS; label++)
        self->roots[0][label] = child_of(nodes, 0, label);
    for (uint32_t label = 0; label < ROOTS; label++)
        self->roots[1][label] = self->roots[0][' '] ? child_of(nodes, self->roots[0][' '], label) : 0;
    return 1;
}

static PyObject *
Automaton_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *keys;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "Automaton: expected a list of keys, by position");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &keys))
        return NULL;
    Automaton *self = (Automaton *)type->tp_alloc(type, 0);
    Growing tree = {0};
    Py_ssize_t number = PyList_GET_SIZE(keys);
    if (self == NULL || !grow(&tree, 1, sizeof(Branch)))
        goto failed;
    ((Branch *)tree.content)[tree.used++] = (Branch){0, 0, 0, NO_KEY};
    self->extents = malloc(((size_t)number + 1) * sizeof(Extent));
    if (self->extents == NULL) {
        PyErr_NoMemory();
        goto failed;
    }
    for (Py_ssize_t i = 0; i < number; i++) {
        PyObject *key = PyList_GET_ITEM(keys, i);
        if (!PyUnicode_Check(key)) {
            PyErr_Format(PyExc_TypeError, "keys[%zd]: expected str", i);
            goto failed;
        }
        if (!plant(&tree, key, (uint32_t)i))
            goto failed;
        Py_ssize_t start = 0, end = PyUnicode_GET_LENGTH(key);
        uint32_t behind = PyUnicode_READ_CHAR(key, end - 1) != ' ';
        while (start < end && PyUnicode_READ_CHAR(key, start) == ' ')
            start++;
        while (end > start && PyUnicode_READ_CHAR(key, end - 1) == ' ')
            end--;
        self->extents[i] = (Extent){(uint32_t)(end - start), behind};
    }
    self->keys = number;
    if (!link_nodes(self, &tree))
        goto failed;
    free(tree.content);
    return (PyObject *)self;
failed:
    free(tree.content);
    Py_XDECREF(self);
    return NULL;
}

static void
Automaton_dealloc(Automaton *self)
{
    free(self->nodes);
    free(self->extents);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *
Automaton_spots(Automaton *self, PyObject *text)
{
    if (!PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "text: expected str");
        return NULL;
    }
    Growing spots = {0};
    PyObject *found = NULL;
    Py_UCS4 *points = PyUnicode_AsUCS4Copy(text);
    if (points != NULL && append_spots(self, points, PyUnicode_GET_LENGTH(text), &spots))
        found = PyList_New((Py_ssize_t)spots.used);
    for (size_t i = 0; found != NULL && i < spots.used; i++) {
        Spot spot = ((Spot *)spots.content)[i];
        PyObject *one = Py_BuildValue("nnI", spot.start, spot.end, spot.key);
        if (one == NULL)
            Py_CLEAR(found);
        else
            PyList_SET_ITEM(found, (Py_ssize_t)i, one);
    }
    PyMem_Free(points);
    free(spots.content);
    return found;
}

static PyMethodDef automaton_methods[] = {
    {"spots", (PyCFunction)Automaton_spots, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject AutomatonType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "contentfilter._kernel.Automaton",
    .tp_basicsize = sizeof(Automaton),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = Automaton_new,
    .tp_dealloc = (destructor)Automaton_dealloc,
    .tp_methods = automaton_methods,
};
