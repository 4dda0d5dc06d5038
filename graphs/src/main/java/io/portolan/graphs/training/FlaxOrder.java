package io.portolan.graphs.training;

import java.util.Arrays;
import java.util.Comparator;

/** The order of a parameter tree that JAX has mapped over: at each level by the characters of the keys. */
final class FlaxOrder {
    static final Comparator<String> BY_PATH = (a, b) -> Arrays.compare(a.split("/"), b.split("/"));

    private FlaxOrder() {}
}
