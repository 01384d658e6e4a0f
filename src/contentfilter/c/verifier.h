/* `Verifier`: what stands in texts of the terms that their lines may hold. It does what match/stage.py and match/settle.py do for a text
   in which nothing needs more than a look at its letters, and leaves all others to them. */

#pragma once

#include "repeated.h"
#include "standing.h"

/* What stands of the hits that are more than signs, and of the signs of their categories. */
static enum Verdict
find_telling(const Verifier *self, Work *work, const Model *model, Asked *asked)
{
    uint32_t spoken = 0;
    Growing firm = {0}; /* size_t: where what stands of each line starts */
    enum Verdict verdict = grow(&firm, work->lines.used + 1, sizeof(size_t)) ? FOUND : FAILED;
    size_t *starts = firm.content;
    for (size_t number = 0; verdict == FOUND && number < work->lines.used; number++) {
        const Line *line = (const Line *)work->lines.content + number;
        starts[number] = work->standing.used;
        verdict = choose(work, line, TELLING, 0, ANY) ? append_standing(self, work, line, model, 0, 0, asked) : FAILED;
    }
    if (verdict == FOUND)
        starts[work->lines.used] = work->standing.used;
    size_t signs = work->standing.used;
    for (size_t i = 0; i < work->standing.used; i++)
        spoken |= ((const Hit *)work->standing.content)[i].held.categories;
    for (size_t number = 0; verdict == FOUND && spoken && number < work->lines.used; number++) {
        const Line *line = (const Line *)work->lines.content + number;
        verdict = choose(work, line, ANY, TELLING, spoken) ? FOUND : FAILED;
        if (verdict == FOUND && work->chosen.used)
            verdict = append_standing(self, work, line, model, starts[number], starts[number + 1], asked);
    }
    free(firm.content);
    if (verdict == FOUND && work->lines.used > 1) {
        Hit *hits = work->standing.content;
        drop_repeated(work, signs);
        size_t others = work->standing.used - signs;
        work->standing.used = signs;
        drop_repeated(work, 0);
        if (others > 0)
            memmove(hits + work->standing.used, hits + signs, others * sizeof(Hit));
        work->standing.used += others;
    }
    return verdict;
}

/* What stands of the hits that have any of some flags. */
static enum Verdict
find_standing(const Verifier *self, Work *work, uint32_t flags, const Model *model, Asked *asked)
{
    size_t from = work->standing.used;
    enum Verdict verdict = FOUND;
    for (size_t number = 0; verdict == FOUND && number < work->lines.used; number++) {
        const Line *line = (const Line *)work->lines.content + number;
        verdict = choose(work, line, flags, 0, ANY) ? append_standing(self, work, line, model, 0, 0, asked) : FAILED;
    }
    if (verdict == FOUND && work->lines.used > 1)
        drop_repeated(work, from);
    return verdict;
}

/* Judge one text: what stands of the terms, and from `*innocent` on the signs of innocence, are left in `standing`. */
static enum Verdict
judge(const Verifier *self, const Forms *forms, PyObject *ids, const Model *model, Asked *asked, Work *work, size_t *innocent)
{
    int tells = 0;
    enum Verdict verdict = lay_lines(forms, ids, asked, work);
    if (verdict == FOUND)
        verdict = find_spots(self, work, model->suspected, asked, &tells);
    if (verdict == FOUND)
        verdict = verify_spots(self, work, tells, asked);
    if (verdict != FOUND)
        return verdict;
    for (size_t number = 0; number < work->lines.used; number++) {
        const Line *line = (const Line *)work->lines.content + number;
        order((Span *)work->allowed.content + line->allowed, line[1].allowed - line->allowed);
    }
    uint32_t special = 0;
    for (size_t i = 0; i < work->hits.used; i++)
        special |= ((const Hit *)work->hits.content)[i].held.flags & SPECIAL;
    work->standing.used = 0;
    if (tells) /* beside conditions every sign may count */
        verdict = special ? find_standing(self, work, ANY, model, asked) : find_telling(self, work, model, asked);
    *innocent = work->standing.used;
    if (verdict == FOUND && model->suspected)
        verdict = find_standing(self, work, special ? NEGATIVE | SPECIAL | SILENT : NEGATIVE, model, asked);
    return verdict == FOUND && work->standing.used == 0 ? NOTHING : verdict;
}

/* Hits as a flat list: the line, start, end, term, steps and missing syllables of each. */
static PyObject *
hits_list(const Hit *hits, size_t number)
{
    PyObject *list = PyList_New(6 * (Py_ssize_t)number);
    for (size_t i = 0; list != NULL && i < number; i++) {
        PyObject *items[6] = {
            PyLong_FromUnsignedLong(hits[i].line), PyLong_FromSsize_t(hits[i].start), PyLong_FromSsize_t(hits[i].end),
            Py_NewRef(hits[i].held.term), Py_NewRef(hits[i].held.steps), PyLong_FromLong(hits[i].held.missing),
        };
        for (int c = 0; c < 6; c++)
            PyList_SET_ITEM(list, 6 * (Py_ssize_t)i + c, items[c]);
        if (PyErr_Occurred())
            Py_CLEAR(list);
    }
    return list;
}

/* What stands in a text: its matches, and the signs of innocence. */
static PyObject *
answer_of(Work *work, size_t innocent)
{
    const Hit *hits = work->standing.content;
    size_t number = work->standing.used;
    for (size_t i = 0; i < number; i++) { /* a collection may run below, and with it whoever makes the memory forget */
        Py_INCREF(hits[i].held.term);
        Py_INCREF(hits[i].held.steps);
    }
    PyObject *matches = hits_list(hits, innocent), *signs = hits_list(hits + innocent, number - innocent);
    PyObject *answer = matches != NULL && signs != NULL ? PyTuple_Pack(2, matches, signs) : NULL;
    Py_XDECREF(matches);
    Py_XDECREF(signs);
    for (size_t i = 0; i < number; i++) {
        Py_DECREF(hits[i].held.term);
        Py_DECREF(hits[i].held.steps);
    }
    return answer;
}

static PyObject *
answer_to(enum Verdict verdict, Work *work, size_t innocent)
{
    switch (verdict) {
    case NOTHING:
        return Py_NewRef(Py_None);
    case UNSURE:
        return Py_NewRef(Py_False);
    case PENDING:
        return Py_NewRef(Py_True);
    case FOUND:
        return answer_of(work, innocent);
    default:
        return NULL;
    }
}

static PyObject *
Verifier_stand(Verifier *self, PyObject *args)
{
    Forms *forms;
    PyObject *texts, *toxic, *suspected, *answers = NULL;
    Asked asked = {NULL, NULL, NULL};
    Model model;
    Work work = {0};
    if (!PyArg_ParseTuple(args, "O!O!O!O!n", &FormsType, &forms, &PyList_Type, &texts, &PyList_Type, &toxic, &PyList_Type, &suspected,
                          &model.address))
        return NULL;
    Py_ssize_t number = PyList_GET_SIZE(texts);
    if (PyList_GET_SIZE(toxic) != number || PyList_GET_SIZE(suspected) != number || model.address < 0 ||
        (size_t)model.address >= self->companies.all.used) {
        PyErr_SetString(PyExc_ValueError, "stand: expected lists of one length, and a company that there is");
        return NULL;
    }
    if ((asked.chunks = PyList_New(0)) == NULL || (asked.terms = PyList_New(0)) == NULL || (asked.windows = PyList_New(0)) == NULL)
        goto done;
    answers = PyList_New(number);
    for (Py_ssize_t i = 0; answers != NULL && i < number; i++) {
        PyObject *ids = PyList_GET_ITEM(texts, i), *answer = NULL;
        size_t innocent = 0;
        model.toxic = PyList_GET_ITEM(toxic, i) == Py_True;
        model.suspected = PyList_GET_ITEM(suspected, i) == Py_True;
        if (PyList_Check(ids)) {
            enum Verdict verdict = judge(self, forms, ids, &model, &asked, &work, &innocent);
            answer = answer_to(verdict, &work, innocent);
        }
        else
            PyErr_Format(PyExc_TypeError, "texts[%zd]: expected a list of int", i);
        if (answer == NULL)
            Py_CLEAR(answers);
        else
            PyList_SET_ITEM(answers, i, answer);
    }
done:
    free_work(&work);
    PyObject *result = answers == NULL ? NULL : PyTuple_Pack(4, answers, asked.chunks, asked.terms, asked.windows);
    Py_XDECREF(answers);
    Py_XDECREF(asked.chunks);
    Py_XDECREF(asked.terms);
    Py_XDECREF(asked.windows);
    return result;
}

static PyObject *
Verifier_tell(Verifier *self, PyObject *args)
{
    Py_ssize_t key;
    PyObject *written, *rows;
    int allowed;
    if (!PyArg_ParseTuple(args, "nUpO!", &key, &written, &allowed, &PyList_Type, &rows))
        return NULL;
    if (key < 0 || key >= PyBytes_GET_SIZE(self->telling)) {
        PyErr_Format(PyExc_ValueError, "there is no key %zd", key);
        return NULL;
    }
    if (!remember(&self->memory, (uint32_t)key, written, allowed, rows, self->companies.all.used))
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
Verifier_answer(Verifier *self, PyObject *args)
{
    int question, yes;
    PyObject *window, *nothing = PyList_New(0);
    unsigned before, inside;
    int failed = nothing == NULL || !PyArg_ParseTuple(args, "iUIIp", &question, &window, &before, &inside, &yes) ||
                 !remember(&self->windows, (uint32_t)question + 2 * (before + 256 * inside), window, yes, nothing, 0);
    Py_XDECREF(nothing);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

/* Forget all that was told, where it is more than `most` things of a kind. */
static PyObject *
Verifier_forget(Verifier *self, PyObject *most)
{
    size_t number = PyLong_AsSize_t(most);
    if (PyErr_Occurred())
        return NULL;
    if (self->memory.every.used > number)
        forget(&self->memory);
    if (self->windows.every.used > number)
        forget(&self->windows);
    Py_RETURN_NONE;
}

static PyObject *
Verifier_company(Verifier *self, PyObject *args)
{
    PyObject *lists[4];
    int abuse, model;
    if (!PyArg_ParseTuple(args, "O!O!O!O!pp", &PyList_Type, &lists[0], &PyList_Type, &lists[1], &PyList_Type, &lists[2], &PyList_Type,
                          &lists[3], &abuse, &model))
        return NULL;
    Py_ssize_t number = add_company(&self->companies, lists, abuse, model);
    return number < 0 ? NULL : PyLong_FromSsize_t(number);
}

static PyObject *
Verifier_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Automaton *automaton;
    PyObject *telling, *innocent;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "Verifier: expected an automaton and bytes, by position");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "O!SS", &AutomatonType, &automaton, &telling, &innocent))
        return NULL;
    if (PyBytes_GET_SIZE(telling) != automaton->keys || PyBytes_GET_SIZE(innocent) != automaton->keys) {
        PyErr_Format(PyExc_ValueError, "Verifier: expected a byte for each of %zd keys", automaton->keys);
        return NULL;
    }
    Verifier *self = (Verifier *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->automaton = (Automaton *)Py_NewRef((PyObject *)automaton);
    self->telling = Py_NewRef(telling);
    self->innocent = Py_NewRef(innocent);
    return (PyObject *)self;
}

static void
Verifier_dealloc(Verifier *self)
{
    Py_XDECREF(self->automaton);
    Py_XDECREF(self->telling);
    Py_XDECREF(self->innocent);
    forget(&self->memory);
    forget(&self->windows);
    free_companies(&self->companies);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef verifier_methods[] = {
    {"company", (PyCFunction)Verifier_company, METH_VARARGS, NULL},
    {"tell", (PyCFunction)Verifier_tell, METH_VARARGS, NULL},
    {"answer", (PyCFunction)Verifier_answer, METH_VARARGS, NULL},
    {"forget", (PyCFunction)Verifier_forget, METH_O, NULL},
    {"stand", (PyCFunction)Verifier_stand, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject VerifierType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "contentfilter._kernel.Verifier",
    .tp_basicsize = sizeof(Verifier),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = Verifier_new,
    .tp_dealloc = (destructor)Verifier_dealloc,
    .tp_methods = verifier_methods,
};
