package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * Raises branches in the form of TensorFlow 1 to If and Case nodes, which run functions. Such a branch is made of nodes that are only
 * run if a {@code Switch} sends its input to the output that they read, by data or by control; a {@code Merge} takes the results of the branch that
 * has run.
 *
 * <p>Only branches that are in no other are raised; their nodes become functions, in which those inside them are raised in turn.
 */
final class RaisedBranches {
    private static final Set<String> MERGES = Set.of("Merge", "RefMerge");

    /** Ops that choose one of their outputs, at which all that is behind it runs. */
    private static final Set<String> SWITCHES = Set.of("Switch", "RefSwitch", "_SwitchN");

    private static final Set<String> PASSING = Set.of("Identity", "PlaceholderWithDefault", "StopGradient");

    /** The maximum depth of branches; it keeps the conditions of all nodes from filling the memory. */
    private static final int DEEPEST = 200;

    private final Map<String, NodeDef> nodes;
    private final FunctionLibrary library;
    private final Map<String, Conditions> conditions = new HashMap<>();
    private final Map<String, Integer> levels = new HashMap<>();
    private final Map<TensorName, TensorName> results = new HashMap<>();
    private final Map<String, NodeDef> added = new LinkedHashMap<>();

    private RaisedBranches(Map<String, NodeDef> nodes, FunctionLibrary library) {
        this.nodes = nodes;
        this.library = library;
    }

    /**
     * Under which conditions a node runs: the output that the Switches on each tensor must have chosen.
     *
     * @param chosen by the tensor that is switched on
     */
    private record Conditions(Map<TensorName, Integer> chosen) {
        static final Conditions NONE = new Conditions(Map.of());

        Conditions and(TensorName choice, int output) {
            return and(new Conditions(Map.of(choice, output)));
        }

        Conditions and(Conditions others) {
            if (chosen.isEmpty() || others.chosen.isEmpty()) {
                return chosen.isEmpty() ? others : this;
            }
            Map<TensorName, Integer> all = new HashMap<>(chosen);
            all.putAll(others.chosen);
            if (all.size() > DEEPEST) {
                throw new ConversionException(
                        "The graph has branches that are nested more than " + DEEPEST + " deep; expected fewer");
            }
            return new Conditions(all);
        }

        Conditions without(TensorName choice) {
            Map<TensorName, Integer> fewer = new HashMap<>(chosen);
            fewer.remove(choice);
            return new Conditions(fewer);
        }
    }

    /**
     * A graph with If and Case nodes instead of branches.
     *
     * @throws ConversionException if branches do not have that form
     */
    static FlatGraph raised(FlatGraph graph, FunctionLibrary library) {
        boolean hasBranches = graph.nodes().values().stream()
                .anyMatch(node -> MERGES.contains(node.getOp()) || SWITCHES.contains(node.getOp()));
        return hasBranches
                ? new RaisedBranches(new LinkedHashMap<>(graph.nodes()), library).raised(graph.results())
                : graph;
    }

    /**
     * Branches that one node can choose: none depends on another.
     *
     * @param choice the tensor that chooses
     * @param level how many merges are one behind the other up to here
     */
    private record Group(TensorName choice, int level) {}

    private FlatGraph raised(List<TensorName> wanted) {
        Set<String> read = read(wanted);
        Map<Group, List<NodeDef>> groups = new LinkedHashMap<>();
        for (NodeDef node : ordered(wanted)) {
            levels.put(node.getName(), level(node));
            conditions.put(node.getName(), conditions(node).orElse(Conditions.NONE));
            if (!read.contains(node.getName())
                    || !conditions.get(node.getName()).equals(Conditions.NONE)) {
                continue;
            }
            if (MERGES.contains(node.getOp()) && !RaisedLoops.isLoopMerge(node, nodes)) {
                TensorName choice = choice(node);
                constant(choice)
                        .ifPresentOrElse(
                                output -> leave(node, choice, output),
                                () -> groups.computeIfAbsent(
                                                new Group(choice, levels.get(node.getName())), any -> new ArrayList<>())
                                        .add(node));
            } else if (SWITCHES.contains(node.getOp())) {
                constant(choiceOf(node))
                        .ifPresent(output -> results.put(
                                new TensorName(node.getName(), output, false), TensorName.parse(node.getInput(0))));
            }
        }
        groups.forEach((group, merges) -> raise(group.choice(), merges));
        nodes.putAll(added);
        nodes.replaceAll((name, node) -> Edges.rewired(node, this::after));
        List<TensorName> after = wanted.stream().map(this::after).toList();
        return new FlatGraph(nodes, after);
    }

    private TensorName after(TensorName tensor) {
        if (tensor.isControl()) {
            TensorName merged = results.get(new TensorName(tensor.node(), 0, false));
            return merged == null ? tensor : new TensorName(merged.node(), 0, true);
        }
        TensorName name = tensor;
        for (TensorName other = results.get(name); other != null && !other.equals(name); other = results.get(name)) {
            name = other;
        }
        return name;
    }

    /** Replaces a merge by the only one of its inputs that is ever computed: branches that do not run need not be convertible. */
    private void leave(NodeDef merge, TensorName choice, int output) {
        List<TensorName> inputs = Edges.data(merge);
        for (int i = 0; i < inputs.size(); i++) {
            if (branch(merge, inputs, i, choice) == output) {
                String index = merge.getName() + "/index_" + i;
                added.put(index, index(index, i));
                results.put(new TensorName(merge.getName(), 0, false), inputs.get(i));
                results.put(new TensorName(merge.getName(), 1, false), new TensorName(index, 0, false));
            }
        }
    }

    /** The nodes that the results are computed from. What only orders them, by control, needs no counterpart. */
    private Set<String> read(List<TensorName> wanted) {
        Map<String, NodeDef> data = new HashMap<>();
        nodes.forEach((name, node) -> data.put(name, Edges.withoutControl(node)));
        return Edges.reachable(data, wanted).keySet();
    }

    /** All nodes that are needed, each behind those that it reads or waits for. */
    private List<NodeDef> ordered(List<TensorName> wanted) {
        List<NodeDef> order = new ArrayList<>();
        Map<String, Boolean> isDone = new HashMap<>();
        Deque<String> stack = new ArrayDeque<>();
        wanted.forEach(tensor -> stack.push(tensor.node()));
        while (!stack.isEmpty()) {
            String name = stack.peek();
            NodeDef node = nodes.get(name);
            if (node == null || isDone.getOrDefault(name, false)) {
                stack.pop();
            } else if (isDone.putIfAbsent(name, false) == null) {
                Edges.of(node).stream()
                        .filter(input -> !isDone.containsKey(input.node()))
                        .forEach(input -> stack.push(input.node()));
            } else {
                isDone.put(name, true);
                order.add(node);
                stack.pop();
            }
        }
        return order;
    }

    private int level(NodeDef node) {
        int before = Edges.of(node).stream()
                .mapToInt(input -> levels.getOrDefault(input.node(), 0))
                .max()
                .orElse(0);
        return MERGES.contains(node.getOp()) ? before + 1 : before;
    }

    /** The conditions of a node, from those of its inputs; empty for a merge whose branches nothing tells apart. */
    private Optional<Conditions> conditions(NodeDef node) {
        if (!MERGES.contains(node.getOp())) {
            return Optional.of(Edges.of(node).stream().map(this::conditions).reduce(Conditions.NONE, Conditions::and));
        }
        Conditions all = Edges.data(node).stream().map(this::conditions).reduce(Conditions.NONE, Conditions::and);
        return distinguishing(node).map(all::without);
    }

    private Conditions conditions(TensorName tensor) {
        NodeDef node = nodes.get(tensor.node());
        Conditions ofNode = conditions.getOrDefault(tensor.node(), Conditions.NONE);
        if (node == null || !SWITCHES.contains(node.getOp()) || tensor.isControl()) {
            return ofNode;
        }
        TensorName choice = choiceOf(node);
        return constant(choice).filter(output -> output == tensor.index()).isPresent()
                ? ofNode
                : ofNode.and(choice, tensor.index());
    }

    /** The tensor that chooses among the inputs of a merge. */
    private TensorName choice(NodeDef merge) {
        return distinguishing(merge)
                .orElseThrow(() -> new ConversionException(
                        merge.getName(),
                        merge.getOp(),
                        "expected each input to come from another output of the same Switch, as in a branch of TensorFlow 1"
                                + " that its own cond has made; build it with If instead",
                        null));
    }

    /**
     * A choice on which the inputs of a merge differ. One input may depend on no choice at all, if a tool has removed control edges from its
     * constants: it is taken to come from the branch that is left.
     */
    private Optional<TensorName> distinguishing(NodeDef merge) {
        List<Conditions> inputs =
                Edges.data(merge).stream().map(this::conditions).toList();
        Map<TensorName, Set<Integer>> outputs = new TreeMap<>(Comparator.comparing(TensorName::toString));
        for (Conditions input : inputs) {
            input.chosen()
                    .forEach((choice, output) -> outputs.computeIfAbsent(choice, any -> new TreeSet<>())
                            .add(output));
        }
        return outputs.entrySet().stream()
                .filter(entry -> {
                    long known = inputs.stream()
                            .filter(input -> input.chosen().containsKey(entry.getKey()))
                            .count();
                    return entry.getValue().size() == known && known >= inputs.size() - 1;
                })
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The output that a Switch on a tensor always chooses; empty if the tensor is no constant. */
    private Optional<Integer> constant(TensorName choice) {
        NodeDef node = nodes.get(choice.node());
        OptionalLong number = node == null ? OptionalLong.empty() : TensorProtos.scalar(node);
        return number.isPresent() ? Optional.of((int) number.getAsLong()) : Optional.empty();
    }

    private TensorName choiceOf(NodeDef aSwitch) {
        TensorName name = TensorName.parse(aSwitch.getInput(1));
        NodeDef node = nodes.get(name.node());
        for (int steps = 0; node != null && PASSING.contains(node.getOp()) && steps < nodes.size(); steps++) {
            name = TensorName.parse(node.getInput(0));
            node = nodes.get(name.node());
        }
        return name;
    }

    /** Replaces merges by the outputs of one node. */
    private void raise(TensorName choice, List<NodeDef> merges) {
        int count = Edges.data(merges.get(0)).size();
        List<List<TensorName>> branches = new ArrayList<>();
        for (int branch = 0; branch < count; branch++) {
            branches.add(new ArrayList<>());
        }
        Map<String, NodeDef> indices = new LinkedHashMap<>();
        String name = merges.get(0).getName();
        for (NodeDef merge : merges) {
            List<TensorName> inputs = Edges.data(merge);
            for (int i = 0; i < inputs.size(); i++) {
                List<TensorName> branch = branches.get(branch(merge, inputs, i, choice));
                String index = name + "/index_" + i;
                indices.put(index, index(index, i));
                branch.add(inputs.get(i));
                branch.add(new TensorName(index, 0, false));
            }
            int at = branches.get(0).size() - 2;
            results.put(new TensorName(merge.getName(), 0, false), new TensorName(name, at, false));
            results.put(new TensorName(merge.getName(), 1, false), new TensorName(name, at + 1, false));
        }
        added.put(name, chosen(name, choice, branches, indices));
    }

    /** The branch that an input of a merge comes from. */
    private int branch(NodeDef merge, List<TensorName> inputs, int input, TensorName choice) {
        Integer known = conditions(inputs.get(input)).chosen().get(choice);
        if (known == null) {
            List<Integer> others = inputs.stream()
                    .map(other -> conditions(other).chosen().get(choice))
                    .filter(output -> output != null)
                    .toList();
            known = 0;
            while (others.contains(known)) {
                known++;
            }
        }
        if (known >= inputs.size()) {
            throw new ConversionException(
                    merge.getName(),
                    merge.getOp(),
                    "expected as many inputs as " + choice + " has values, got " + inputs.size(),
                    null);
        }
        return known;
    }

    private NodeDef chosen(
            String name, TensorName choice, List<List<TensorName>> branches, Map<String, NodeDef> indices) {
        Captures captures = new Captures(name, choice);
        List<FlatGraph> functions = new ArrayList<>();
        for (List<TensorName> branch : branches) {
            Map<String, NodeDef> content = captures.content(branch);
            content.putAll(indices);
            functions.add(
                    new FlatGraph(content, branch.stream().map(captures::inside).toList()));
        }
        List<String> arguments = List.copyOf(captures.arguments.values());
        NodeDef.Builder node = NodeDef.newBuilder().setName(name).addInput(choice.toString());
        captures.arguments.keySet().forEach(tensor -> node.addInput(tensor.toString()));
        List<NameAttrList> names = functions.stream()
                .map(function -> NameAttrList.newBuilder()
                        .setName(library.add(name + "/branch", arguments, function))
                        .build())
                .toList();
        boolean isIf = isBoolean(choice);
        if (isIf && names.size() == 2) {
            return node.setOp("StatelessIf")
                    .putAttr("then_branch", function(names.get(1)))
                    .putAttr("else_branch", function(names.get(0)))
                    .build();
        }
        return node.setOp("StatelessCase")
                .putAttr(
                        "branches",
                        AttrValue.newBuilder()
                                .setList(AttrValue.ListValue.newBuilder().addAllFunc(names))
                                .build())
                .build();
    }

    /** Whether Switches on a tensor have two outputs, for false and true, and not one for each number. */
    private boolean isBoolean(TensorName choice) {
        return nodes.values().stream()
                .noneMatch(node ->
                        node.getOp().equals("_SwitchN") && choiceOf(node).equals(choice));
    }

    private static AttrValue function(NameAttrList function) {
        return AttrValue.newBuilder().setFunc(function).build();
    }

    private static NodeDef index(String name, int number) {
        return ConstantNodes.of(
                name,
                TensorProto.newBuilder()
                        .setDtype(DataType.DT_INT32)
                        .setTensorShape(ConstantNodes.shape())
                        .addIntVal(number)
                        .build());
    }

    /** The tensors from outside that the branches of one choice read, and the names of the arguments that they become. */
    private final class Captures {
        private final String name;
        private final TensorName choice;
        private final Map<TensorName, String> arguments = new LinkedHashMap<>();

        Captures(String name, TensorName choice) {
            this.name = name;
            this.choice = choice;
        }

        /** The nodes of a branch. */
        Map<String, NodeDef> content(List<TensorName> branch) {
            Map<String, NodeDef> content = new LinkedHashMap<>();
            Deque<TensorName> pending = new ArrayDeque<>(branch);
            while (!pending.isEmpty()) {
                TensorName tensor = pending.pop();
                NodeDef node = nodes.get(tensor.node());
                if (node == null || content.containsKey(tensor.node()) || isOutside(tensor)) {
                    continue;
                }
                content.put(tensor.node(), node);
                pending.addAll(Edges.of(node));
            }
            content.replaceAll((any, node) -> Edges.rewired(node, this::inside));
            return content;
        }

        /** What a tensor is called in the branches. */
        TensorName inside(TensorName tensor) {
            if (tensor.isControl() || !isOutside(tensor)) {
                return tensor;
            }
            NodeDef node = nodes.get(tensor.node());
            TensorName given = isOwnSwitch(node) ? TensorName.parse(node.getInput(0)) : tensor;
            return new TensorName(
                    arguments.computeIfAbsent(given, any -> name + "/input_" + arguments.size()), 0, false);
        }

        /** Whether a tensor is made before the choice; constants are not: they stand where they are read. */
        private boolean isOutside(TensorName tensor) {
            NodeDef node = nodes.get(tensor.node());
            return node == null
                    ? !tensor.node().startsWith(name + "/index_")
                    : isOwnSwitch(node)
                            || !node.getOp().equals("Const")
                                    && !conditions
                                            .getOrDefault(tensor.node(), Conditions.NONE)
                                            .chosen()
                                            .containsKey(choice);
        }

        private boolean isOwnSwitch(NodeDef node) {
            return node != null
                    && SWITCHES.contains(node.getOp())
                    && choiceOf(node).equals(choice);
        }
    }
}
