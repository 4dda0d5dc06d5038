package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;

/**
 * Raises loops in the form of TensorFlow 1 to While nodes, which run functions. Such a loop is a cycle of nodes: each of its variables comes in
 * by {@code Enter}, is merged with the value of the iteration before, and goes by a {@code Switch} on the condition either to the body, which ends at
 * {@code NextIteration}, or out by {@code Exit}. A value that does not change comes in by an {@code Enter} alone.
 *
 * <p>Only loops that are not in others are raised; the body of one becomes a function, in which those inside it are raised in turn.
 */
final class RaisedLoops {
    private static final Set<String> ENTERS = Set.of("Enter", "RefEnter");
    private static final Set<String> EXITS = Set.of("Exit", "RefExit");
    private static final Set<String> MERGES = Set.of("Merge", "RefMerge");
    private static final Set<String> SWITCHES = Set.of("Switch", "RefSwitch");
    private static final Set<String> NEXT = Set.of("NextIteration", "RefNextIteration");
    private static final String CONDITION = "LoopCond";

    private final Map<String, NodeDef> nodes;
    private final FunctionLibrary library;
    private final Map<TensorName, TensorName> results = new HashMap<>();

    private RaisedLoops(Map<String, NodeDef> nodes, FunctionLibrary library) {
        this.nodes = nodes;
        this.library = library;
    }

    /**
     * A graph with While nodes instead of loops.
     *
     * @throws ConversionException if a loop does not have that form
     */
    static FlatGraph raised(FlatGraph graph, FunctionLibrary library) {
        return new RaisedLoops(new LinkedHashMap<>(graph.nodes()), library).raised(graph.results());
    }

    private FlatGraph raised(List<TensorName> wanted) {
        Map<String, NodeDef> loops = new LinkedHashMap<>();
        outermostExits(wanted).forEach((condition, exits) -> {
            NodeDef loop = raised(condition, exits);
            loops.put(loop.getName(), loop);
        });
        if (loops.isEmpty()) {
            return new FlatGraph(nodes, wanted);
        }
        nodes.putAll(loops);
        nodes.replaceAll((name, node) -> Edges.rewired(node, this::after));
        List<TensorName> after = wanted.stream().map(this::after).toList();
        return new FlatGraph(nodes, after);
    }

    private TensorName after(TensorName tensor) {
        if (tensor.isControl()) {
            TensorName exit = results.get(new TensorName(tensor.node(), 0, false));
            return exit == null ? tensor : new TensorName(exit.node(), 0, true);
        }
        return results.getOrDefault(tensor, tensor);
    }

    /** The exits of the loops that are in no other, by the name of the loop's condition. */
    private Map<String, List<NodeDef>> outermostExits(List<TensorName> wanted) {
        Set<String> conditions = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        Deque<TensorName> pending = new ArrayDeque<>(wanted);
        while (!pending.isEmpty()) {
            NodeDef node = nodes.get(pending.pop().node());
            if (node == null || !seen.add(node.getName())) {
                continue;
            }
            if (EXITS.contains(node.getOp())) {
                String condition = conditionOf(switchOf(node));
                if (conditions.add(condition)) {
                    entering(condition).forEach(enter -> pending.addAll(Edges.of(enter)));
                }
            } else {
                pending.addAll(Edges.of(node));
            }
        }
        Map<String, List<NodeDef>> exits = new TreeMap<>();
        conditions.forEach(condition -> exits.put(condition, new ArrayList<>()));
        nodes.values().stream()
                .filter(node -> EXITS.contains(node.getOp()))
                .forEach(exit -> exits.getOrDefault(conditionOf(switchOf(exit)), new ArrayList<>())
                        .add(exit));
        return exits;
    }

    private List<NodeDef> entering(String condition) {
        Inside inside = new Inside(condition);
        List<NodeDef> enters = new ArrayList<>(inside.captured.values());
        inside.variables.values().forEach(variable -> enters.add(variable.enter()));
        return enters;
    }

    /** The node that sends a variable out of the loop when the condition fails. */
    private NodeDef switchOf(NodeDef exit) {
        TensorName tensor = TensorName.parse(exit.getInput(0));
        NodeDef node = nodes.get(tensor.node());
        if (node == null || !SWITCHES.contains(node.getOp()) || tensor.index() != 0) {
            throw refused(exit, "expected it to read the first output of a Switch");
        }
        return node;
    }

    private String conditionOf(NodeDef aSwitch) {
        NodeDef node = origin(TensorName.parse(aSwitch.getInput(1)));
        if (node == null || !node.getOp().equals(CONDITION)) {
            throw refused(aSwitch, "expected it to depend on the LoopCond of a loop");
        }
        return node.getName();
    }

    private boolean isOf(NodeDef node, String condition) {
        if (!SWITCHES.contains(node.getOp())) {
            return false;
        }
        NodeDef origin = origin(TensorName.parse(node.getInput(1)));
        return origin != null && origin.getName().equals(condition);
    }

    private NodeDef origin(TensorName tensor) {
        NodeDef node = nodes.get(tensor.node());
        for (int steps = 0; node != null && node.getOp().equals("Identity") && steps < nodes.size(); steps++) {
            node = nodes.get(TensorName.parse(node.getInput(0)).node());
        }
        return node;
    }

    /** Whether a node merges the values of a loop's variable, not the results of branches. */
    static boolean isLoopMerge(NodeDef node, Map<String, NodeDef> nodes) {
        return MERGES.contains(node.getOp())
                && Edges.data(node).stream()
                        .map(input -> nodes.get(input.node()))
                        .anyMatch(input ->
                                input != null && (ENTERS.contains(input.getOp()) || NEXT.contains(input.getOp())));
    }

    private static ConversionException refused(NodeDef node, String what) {
        return new ConversionException(
                node.getName(),
                node.getOp(),
                what + ", as in a loop of TensorFlow 1 that its own while_loop has made; build it with While instead",
                null);
    }

    private NodeDef raised(String condition, List<NodeDef> exits) {
        Inside inside = new Inside(condition);
        List<String> arguments = new ArrayList<>(inside.variables.keySet());
        arguments.addAll(inside.captured.keySet());
        List<TensorName> next = new ArrayList<>();
        NodeDef.Builder loop = NodeDef.newBuilder().setName(condition).setOp("StatelessWhile");
        inside.variables.values().forEach(variable -> {
            loop.addInput(variable.enter().getInput(0));
            next.add(inside.bodied(TensorName.parse(variable.next().getInput(0))));
        });
        inside.captured.forEach((name, enter) -> {
            loop.addInput(enter.getInput(0));
            next.add(new TensorName(name, 0, false));
        });
        TensorName truth = inside.bodied(TensorName.parse(nodes.get(condition).getInput(0)));
        Map<String, NodeDef> content = inside.content();
        for (Map.Entry<String, FlatGraph> function : Map.of(
                        "cond", new FlatGraph(content, List.of(truth)), "body", new FlatGraph(content, next))
                .entrySet()) {
            String name = library.add(condition + "/" + function.getKey(), arguments, function.getValue());
            loop.putAttr(
                    function.getKey(),
                    AttrValue.newBuilder()
                            .setFunc(NameAttrList.newBuilder().setName(name))
                            .build());
        }
        for (NodeDef exit : exits) {
            String variable = TensorName.parse(switchOf(exit).getInput(0)).node();
            int index = arguments.indexOf(variable);
            if (index < 0) {
                throw refused(exit, "expected it to return a variable of the loop");
            }
            results.put(new TensorName(exit.getName(), 0, false), new TensorName(condition, index, false));
        }
        return loop.build();
    }

    /** A variable: where its first value comes in, and where that of an iteration ends. */
    private record Variable(NodeDef enter, NodeDef next) {}

    /** What is inside a loop: nodes of the loops in it are inside too. */
    private final class Inside {
        private final String condition;
        private final Map<String, Variable> variables = new TreeMap<>();
        private final Map<String, NodeDef> captured = new TreeMap<>();
        private final Set<String> others = new HashSet<>();
        private final Set<String> passed = new HashSet<>();

        /** A place to go on from, and the number of loops around it, from this one on. */
        private record Step(TensorName tensor, int depth) {}

        private final Deque<Step> pending = new ArrayDeque<>();

        Inside(String condition) {
            this.condition = condition;
            goOn(nodes.get(condition), 0);
            nodes.values().stream()
                    .filter(node -> isOf(node, condition))
                    .forEach(node -> pending.push(new Step(TensorName.parse(node.getInput(0)), 0)));
            while (!pending.isEmpty()) {
                Step step = pending.pop();
                NodeDef node = nodes.get(step.tensor().node());
                if (node != null) {
                    visit(node, step);
                }
            }
        }

        private void visit(NodeDef node, Step step) {
            boolean isOwn = step.depth() == 0;
            if (isOwn && ENTERS.contains(node.getOp())) {
                captured.put(node.getName(), node);
            } else if (isOwn && isLoopMerge(node, nodes)) {
                addVariable(node);
            } else if (isOwn && isOf(node, condition)) {
                if (step.tensor().index() == 0 && !step.tensor().isControl()) {
                    throw refused(node, "expected what leaves the loop to be read by Exit");
                }
                if (passed.add(node.getName())) {
                    pending.push(new Step(TensorName.parse(node.getInput(0)), 0));
                }
            } else if (!node.getName().equals(condition) && others.add(node.getName())) {
                goOn(node, step.depth());
            }
        }

        private void goOn(NodeDef node, int depth) {
            int inner = depth + (EXITS.contains(node.getOp()) ? 1 : ENTERS.contains(node.getOp()) ? -1 : 0);
            Edges.of(node).forEach(input -> pending.push(new Step(input, inner)));
        }

        private void addVariable(NodeDef merge) {
            if (variables.containsKey(merge.getName())) {
                return;
            }
            List<NodeDef> inputs = Edges.data(merge).stream()
                    .map(input -> nodes.get(input.node()))
                    .toList();
            List<NodeDef> enters = inputs.stream()
                    .filter(input -> input != null && ENTERS.contains(input.getOp()))
                    .toList();
            List<NodeDef> next = inputs.stream()
                    .filter(input -> input != null && NEXT.contains(input.getOp()))
                    .toList();
            if (inputs.size() != 2 || enters.size() != 1 || next.size() != 1) {
                throw refused(merge, "expected it to merge an Enter and a NextIteration");
            }
            variables.put(merge.getName(), new Variable(enters.get(0), next.get(0)));
            pending.push(new Step(TensorName.parse(next.get(0).getInput(0)), 0));
        }

        /** What a tensor is called in the functions of the loop. */
        TensorName bodied(TensorName tensor) {
            TensorName name = tensor;
            NodeDef node = nodes.get(name.node());
            for (int steps = 0; node != null && isOf(node, condition) && steps < nodes.size(); steps++) {
                TensorName input = TensorName.parse(node.getInput(0));
                name = new TensorName(input.node(), input.index(), tensor.isControl());
                node = nodes.get(name.node());
            }
            return name;
        }

        /** The nodes inside the loop; what is an argument of its functions has no node. */
        Map<String, NodeDef> content() {
            Map<String, NodeDef> content = new LinkedHashMap<>();
            nodes.forEach((name, node) -> {
                if (others.contains(name)) {
                    content.put(name, Edges.rewired(node, this::bodied));
                }
            });
            return content;
        }
    }
}
