package io.portolan.graphs.training;

import java.util.Arrays;
import java.util.Comparator;

/** The order of a parameter tree after a JAX tree map: sorted by key at each level. */
final class FlaxOrder {
    static final Comparator<String> BY_PATH = (a, b) -> Arrays.compare(a.split("/"), b.split("/"));

    private FlaxOrder() {}
}
