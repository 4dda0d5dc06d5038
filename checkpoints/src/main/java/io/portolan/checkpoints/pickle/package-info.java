/**
 * A closed machine for Python's pickles, protocols 0 to 5: a table of opcodes, a table of allowed globals, and budgets.
 * It loads no class and calls no foreign code; records of other classes stay inert.
 */
package io.portolan.checkpoints.pickle;
