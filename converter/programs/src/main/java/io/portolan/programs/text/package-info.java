/** StableHLO text, as JAX and MLIR print it: reading it, and writing it in the form that every version of MLIR since 2023 reads. */
package io.portolan.programs.text;
