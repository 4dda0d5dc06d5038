package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Adds two tensors before they are split rather than part by part, as for the gates of recurrent cells. */
public final class SplitAfterSum implements Pass {
    @Override
    public String name() {
        return "split-after-sum";
    }

    /** Two splits whose parts are added in pairs, each part once, and the sums in the order of the parts. */
    private record Pair(Node left, Node right, List<Node> sums) {}

    @Override
    public void apply(OnnxGraph graph) {
        Map<String, Pair> pairs = new HashMap<>();
        collect(graph, graph.useCounts(), pairs);
        Map<Value, Value> whole = new IdentityHashMap<>();
        Map<String, Value> replaced = new HashMap<>();
        GraphRewriter.rewrite(graph, (node, b) -> {
            if (node.op() == StandardOp.SPLIT) {
                node.outputs().forEach(part -> whole.put(part, node.input(0)));
            }
            Pair pair = pairs.get(node.name());
            if (pair != null && !replaced.containsKey(node.name())) {
                Value sum = b.add(whole.get(node.input(0)), whole.get(node.input(1)));
                List<Value> parts = b.node(
                        StandardOp.SPLIT,
                        pair.left().attributes(),
                        sum,
                        pair.left().input(1));
                for (int i = 0; i < parts.size(); i++) {
                    replaced.put(pair.sums().get(i).name(), parts.get(i));
                }
            }
            return Optional.ofNullable(replaced.get(node.name())).map(List::of);
        });
        new DeadCode().apply(graph);
    }

    private static void collect(OnnxGraph graph, Map<Value, Integer> uses, Map<String, Pair> pairs) {
        Map<Value, Node> splits = new IdentityHashMap<>();
        Map<Set<Node>, Map<Integer, Node>> sums = new HashMap<>();
        for (Node node : graph.nodes()) {
            node.subgraphs().forEach(nested -> collect(nested, uses, pairs));
            boolean isSplit = node.op() == StandardOp.SPLIT
                    && node.inputs().size() == 2
                    && node.input(1).isConstant()
                    && node.outputs().stream().allMatch(part -> uses.getOrDefault(part, 0) == 1);
            if (isSplit) {
                node.outputs().forEach(part -> splits.put(part, node));
            }
            if (node.op() == StandardOp.ADD && splits.containsKey(node.input(0)) && splits.containsKey(node.input(1))) {
                Node left = splits.get(node.input(0));
                Node right = splits.get(node.input(1));
                int part = left.outputs().indexOf(node.input(0));
                if (left != right && part == right.outputs().indexOf(node.input(1)) && isCutAlike(left, right)) {
                    sums.computeIfAbsent(Set.of(left, right), unseen -> new HashMap<>())
                            .put(part, node);
                }
            }
        }
        sums.forEach((both, found) -> {
            Node left = splits.get(found.values().iterator().next().input(0));
            Node right = both.stream().filter(node -> node != left).findFirst().orElseThrow();
            if (found.size() == left.outputs().size()) {
                List<Node> ordered = new ArrayList<>();
                for (int i = 0; i < found.size(); i++) {
                    ordered.add(found.get(i));
                }
                add(new Pair(left, right, ordered), found.values(), pairs);
            }
        });
    }

    private static void add(Pair pair, Collection<Node> sums, Map<String, Pair> pairs) {
        sums.forEach(sum -> pairs.put(sum.name(), pair));
    }

    private static boolean isCutAlike(Node left, Node right) {
        Optional<TensorData> sizes = left.input(1).data();
        return left.attributes().equals(right.attributes())
                && left.input(0).shape().sameAs(right.input(0).shape())
                && sizes.equals(right.input(1).data());
    }
}
