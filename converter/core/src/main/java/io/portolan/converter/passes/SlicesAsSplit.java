package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replaces slices that together are a whole tensor, cut along one axis, by one Split. */
public final class SlicesAsSplit implements Pass {
    @Override
    public String name() {
        return "slices-as-split";
    }

    /** A range of one axis of a value. */
    private record Piece(Node node, int axis, long start, long end) {
        static Optional<Piece> of(Node node) {
            boolean isKnown = node.op() == StandardOp.SLICE
                    && node.inputs().stream().skip(1).allMatch(Value::isConstant)
                    && node.input(3).shape().elements().is(1)
                    && number(node, 4) == 1;
            if (!isKnown) {
                return Optional.empty();
            }
            int axis = node.input(0).shape().axis(number(node, 3));
            if (!node.input(0).shape().dim(axis).isKnown()) {
                return Optional.empty();
            }
            long size = node.input(0).shape().dim(axis).coefficient();
            long start = number(node, 1);
            long end = Math.min(number(node, 2), size);
            return start >= 0 && end > start ? Optional.of(new Piece(node, axis, start, end)) : Optional.empty();
        }

        private static long number(Node node, int input) {
            return node.input(input).data().orElseThrow().longAt(0);
        }

        long size() {
            return node.input(0).shape().dim(axis).coefficient();
        }
    }

    private record Whole(Value value, int axis) {}

    @Override
    public void apply(OnnxGraph graph) {
        Map<String, List<Piece>> groups = new HashMap<>();
        collect(graph, groups);
        Map<String, Value> replaced = new HashMap<>();
        GraphRewriter.rewrite(graph, (node, b) -> {
            List<Piece> pieces = groups.get(node.name());
            if (pieces != null && !replaced.containsKey(node.name())) {
                List<Long> sizes = pieces.stream()
                        .map(piece -> piece.end() - piece.start())
                        .toList();
                List<Value> parts = b.split(node.input(0), pieces.get(0).axis(), sizes);
                for (int i = 0; i < parts.size(); i++) {
                    replaced.put(pieces.get(i).node().name(), parts.get(i));
                }
            }
            return Optional.ofNullable(replaced.get(node.name())).map(List::of);
        });
    }

    private static void collect(OnnxGraph graph, Map<String, List<Piece>> groups) {
        Map<Whole, List<Piece>> pieces = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            node.subgraphs().forEach(nested -> collect(nested, groups));
            Piece.of(node)
                    .ifPresent(piece -> pieces.computeIfAbsent(
                                    new Whole(node.input(0), piece.axis()), unseen -> new ArrayList<>())
                            .add(piece));
        }
        for (List<Piece> group : pieces.values()) {
            group.sort(Comparator.comparingLong(Piece::start));
            if (group.size() > 1 && isWhole(group)) {
                group.forEach(piece -> groups.put(piece.node().name(), group));
            }
        }
    }

    private static boolean isWhole(List<Piece> pieces) {
        long end = 0;
        for (Piece piece : pieces) {
            if (piece.start() != end) {
                return false;
            }
            end = piece.end();
        }
        return end == pieces.get(0).size();
    }
}
