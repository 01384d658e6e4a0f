/* The path that every text takes, compiled: split → ids → sums → what stands of the terms; and the sums of a new chunk's n-grams.

   Each part, a file in c/, has a twin in Python, which says what it does and runs where nothing was compiled; tests/test_kernel.py and
   tests/match/test_verifier.py hold both to the same answers. Nothing here calls Python code while it works, and all of it runs under the
   interpreter's lock. */

#define PY_SSIZE_T_CLEAN
#include "c/adder.h"
#include "c/automaton.h"
#include "c/forms.h"
#include "c/index.h"
#include "c/likeliest.h"
#include "c/ngrams.h"
#include "c/verifier.h"

static PyMethodDef functions[] = {
    {"word_keys", word_keys, METH_O, NULL},
    {"ngram_sums", ngram_sums, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "contentfilter._kernel",
    .m_size = -1,
    .m_methods = functions,
};

PyMODINIT_FUNC
PyInit__kernel(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module != NULL && (PyModule_AddType(module, &IndexType) < 0 || PyModule_AddType(module, &FormsType) < 0 ||
                           PyModule_AddType(module, &AdderType) < 0 || PyModule_AddType(module, &WordsType) < 0 ||
                           PyModule_AddType(module, &LikeliestType) < 0 || PyModule_AddType(module, &AutomatonType) < 0 ||
                           PyModule_AddType(module, &VerifierType) < 0))
        Py_CLEAR(module);
    return module;
}
