package io.portolan.cli;

import io.portolan.checkpoints.files.OutputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options for what 'inspect' shows of a model's cells. */
final class CellOptions {
    @Option(
            names = "--gates",
            description = "Show the cells' gates: their mean weights, the range of their values, and what each does.")
    private boolean gates;

    @Option(names = "--kernels", description = "Show the cells' spatial kernels, their spectra and what they reach.")
    private boolean kernels;

    @Option(names = "--matrix", description = "Show the cells' transition matrix with the bounds of its entries.")
    private boolean matrix;

    @Option(
            names = "--npz",
            paramLabel = "FILE.npz",
            description = "Write what --gates, --kernels and --matrix show as arrays, with every channel's kernel.")
    private Optional<Path> arrays = Optional.empty();

    @Option(names = "--force", description = "Replace the file of --npz if it exists.")
    private boolean force;

    /** A part of a cell. */
    enum Part {
        GATES,
        KERNELS,
        MATRIX
    }

    boolean areChosen() {
        return !chosen().isEmpty() || arrays.isPresent();
    }

    /** The chosen parts; all of them if only their arrays are wanted. */
    Set<Part> parts() {
        return chosen().isEmpty() ? EnumSet.allOf(Part.class) : chosen();
    }

    private Set<Part> chosen() {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        if (gates) {
            parts.add(Part.GATES);
        }
        if (kernels) {
            parts.add(Part.KERNELS);
        }
        if (matrix) {
            parts.add(Part.MATRIX);
        }
        return parts;
    }

    /** The file for arrays. */
    Optional<OutputFile> arrays() throws IOException {
        return arrays.isPresent() ? Optional.of(OutputFile.at(arrays.get(), force)) : Optional.empty();
    }
}
