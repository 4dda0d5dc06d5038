/** MLIR bytecode that holds a portable artifact of StableHLO, in any version of VHLO that JAX has written. */
package io.portolan.programs.bytecode;
