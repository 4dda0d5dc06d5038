/** A program in StableHLO: modules, functions, blocks, operations with typed values, and the table of operations. */
package io.portolan.programs.stablehlo;
