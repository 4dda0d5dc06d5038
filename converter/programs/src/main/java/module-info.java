/** Reads JAX programs: files of {@code jax.export}, MLIR bytecode with VHLO, and StableHLO text, as one typed representation. */
module io.portolan.programs {
    exports io.portolan.programs;
    exports io.portolan.programs.bytecode;
    exports io.portolan.programs.exported;
    exports io.portolan.programs.files;
    exports io.portolan.programs.stablehlo;
    exports io.portolan.programs.text;
}
