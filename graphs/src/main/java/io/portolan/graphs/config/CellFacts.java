package io.portolan.graphs.config;

import io.portolan.checkpoints.ParameterTree;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a cell is recognised by.
 *
 * @param names the cell's name here, then others of the reference
 * @param revisions those that can train a model of such cells
 * @param signature names of arrays that it has; behind a minus, names that it does not have
 * @param kernels arrays one of which shows the side of its kernels
 * @param sizeAxis the axis of such an array that is a side
 */
record CellFacts(
        List<String> names, Set<Revision> revisions, List<String> signature, List<String> kernels, int sizeAxis) {
    static CellFacts named(String... names) {
        return new CellFacts(List.of(names), Set.of(), List.of(), List.of(), 0);
    }

    CellFacts of(Revision... trainedBy) {
        return new CellFacts(names, Set.of(trainedBy), signature, kernels, sizeAxis);
    }

    /** Of a revision and all later ones. */
    CellFacts since(Revision first) {
        return new CellFacts(names, first.andLater(), signature, kernels, sizeAxis);
    }

    CellFacts by(String signature) {
        return new CellFacts(names, revisions, List.of(signature.split(" ")), kernels, sizeAxis);
    }

    /** Kernels of shape {@code (C, s, s)}. */
    CellFacts kernel(String... arrays) {
        return new CellFacts(names, revisions, signature, List.of(arrays), 2);
    }

    /** Kernels of shape {@code (s, s, 1, channels)}. */
    CellFacts convolution(String array) {
        return new CellFacts(names, revisions, signature, List.of(array), 0);
    }

    boolean fits(ParameterTree cell) {
        return signature.stream()
                .allMatch(name -> name.startsWith("-") ? !has(cell, name.substring(1)) : has(cell, name));
    }

    boolean hasKernel() {
        return !kernels.isEmpty();
    }

    Optional<Long> kernelSize(ParameterTree cell) {
        return kernels.stream()
                .flatMap(path -> cell.find(path).stream())
                .filter(array -> array.rank() > sizeAxis)
                .map(array -> array.shape()[sizeAxis])
                .findFirst();
    }

    private static boolean has(ParameterTree cell, String name) {
        return cell.contains(name) || GateType.partsOf(name).stream().anyMatch(cell::contains);
    }
}
