package io.portolan.programs.stablehlo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The calls of functions of a module among each other. */
public final class CallGraph {
    /** How many operations a program may have when every call is replaced by the function. */
    public static final long MOST_OPERATIONS = 10_000_000;

    private static final List<String> REFERENCES = List.of("callee", "decomposition", "called_computations");

    private final Module module;
    private final Map<String, List<String>> callees = new HashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();

    private CallGraph(Module module) {
        this.module = module;
    }

    /**
     * Checks that every call is of a function of the module and has the types of its arguments and results, that no function calls itself,
     * and that the calls can be replaced by the functions.
     *
     * @throws IllegalArgumentException if not; the message is one line
     */
    public static void check(Module module) {
        CallGraph graph = new CallGraph(module);
        module.functions().values().forEach(graph::readCalls);
        module.functions().keySet().forEach(graph::measure);
    }

    private void readCalls(Function function) {
        List<String> called = new ArrayList<>();
        callees.put(function.name(), called);
        sizes.put(function.name(), 0L);
        function.body().visit(operation -> {
            sizes.merge(function.name(), 1L, Long::sum);
            if (operation.name().equals("func.call")) {
                checkCall(operation);
            }
            REFERENCES.stream()
                    .filter(operation::has)
                    .flatMap(reference -> symbols(operation.attributes().get(reference)))
                    .filter(module.functions()::containsKey)
                    .forEach(called::add);
        });
    }

    private static Stream<String> symbols(Attribute reference) {
        if (reference instanceof Attribute.Items list) {
            return list.items().stream().flatMap(CallGraph::symbols);
        }
        return reference instanceof Attribute.Symbol symbol ? Stream.of(symbol.name()) : Stream.empty();
    }

    private void checkCall(Operation call) {
        String name = call.symbol("callee");
        Function callee = module.functions().get(name);
        if (callee == null) {
            throw new IllegalArgumentException("the program has no function " + Quotation.of(name) + " to call");
        }
        if (!types(call.operands()).equals(types(callee.body().arguments()))
                || !types(call.results()).equals(types(callee.body().results()))) {
            throw new IllegalArgumentException(
                    "a call of " + Quotation.of(name) + " has other types than the function");
        }
    }

    private static List<Type> types(List<Value> values) {
        return values.stream().map(Value::type).toList();
    }

    /** Adds to the size of a function those of the functions that it calls, the innermost first. */
    private void measure(String start) {
        Deque<Visit> open = new ArrayDeque<>();
        Map<String, Visit> visits = new HashMap<>();
        enter(start, open, visits);
        while (!open.isEmpty()) {
            Visit visit = open.element();
            List<String> called = callees.get(visit.function);
            if (visit.next == called.size()) {
                open.pop();
                visits.remove(visit.function);
                callees.put(visit.function, List.of());
            } else {
                String callee = called.get(visit.next);
                if (visits.containsKey(callee)) {
                    throw new IllegalArgumentException("function " + Quotation.of(callee) + " calls itself");
                }
                if (callees.get(callee).isEmpty()) {
                    visit.next++;
                    addSize(visit.function, sizes.get(callee));
                } else {
                    enter(callee, open, visits);
                }
            }
        }
    }

    private static void enter(String function, Deque<Visit> open, Map<String, Visit> visits) {
        Visit visit = new Visit(function);
        open.push(visit);
        visits.put(function, visit);
    }

    private void addSize(String function, long more) {
        long size = sizes.merge(function, more, Long::sum);
        if (size > MOST_OPERATIONS) {
            throw new IllegalArgumentException(
                    "the program has more than " + MOST_OPERATIONS + " operations when its calls are written out");
        }
    }

    /** A function some of whose calls have been followed. */
    private static final class Visit {
        private final String function;
        private int next;

        Visit(String function) {
            this.function = function;
        }
    }
}
