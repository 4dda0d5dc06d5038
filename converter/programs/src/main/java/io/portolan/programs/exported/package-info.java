/** Files of {@code jax.export}: a FlatBuffer with the trees of arguments and results around MLIR bytecode. */
package io.portolan.programs.exported;
