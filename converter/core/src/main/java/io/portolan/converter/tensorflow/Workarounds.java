package io.portolan.converter.tensorflow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Hints for unsupported ops. */
final class Workarounds {
    private static final Map<Pattern, String> BY_OP = new LinkedHashMap<>();

    static {
        add(
                "(Stateless|Parameterized)?(Random|Truncated|Multinomial).*",
                "random numbers differ in every runtime: feed them as an input, or build the graph for inference, without dropout");
        add(
                "VarHandleOp|ReadVariableOp|Variable|VariableV2|Assign.*|Resource.*",
                "variables have no counterpart: freeze the graph, so that they are constants");
        add(
                "Decode.*|Encode.*|.*File.*|Iterator.*|.*Dataset.*",
                "start the model after the reading of files: make the tensors inputs");
        add("Parse.*Example.*", "start the model after it: make the tensors that it parses inputs");
        add(
                "String.*|Regex.*|StaticRegex.*|.*ToString|AsString.*|Substr|Unicode.*|ReduceJoin|UnsortedSegmentJoin|.* of DT_STRING",
                "ONNX has no such operator on texts: start the model after it");
        add(
                "Switch|RefSwitch|_SwitchN",
                "what reads it is only computed in one of several cases: name outputs behind the Merge of all cases");
        add(
                "Enter|Exit|Merge|RefMerge|RefEnter|RefExit|NextIteration|RefNextIteration|LoopCond",
                "part of a loop of TensorFlow 1: name outputs behind the loop, not inside it");
        add(
                "TensorArray.*",
                "only the third version of these ops, used by a loop that holds the array's handle, can be converted: build the graph with"
                        + " TensorFlow 2's lists of tensors");
        add("Print.*|Assert|.*Summary", "it computes nothing: build the graph for inference, without it");
        add("PyFunc.*|EagerPyFunc", "the code behind it is not in the graph: build it from TensorFlow's own ops");
        add(
                "Svd|SelfAdjointEig.*|Eig|Qr|CholeskyGrad|MatrixSolveLs|MatrixSquareRoot|MatrixLogarithm|MatrixExponential|Lu",
                "ONNX has no such factorisation: compute it outside of the model");
    }

    private Workarounds() {}

    private static void add(String ops, String advice) {
        BY_OP.put(Pattern.compile(ops), advice);
    }

    static Optional<String> of(String op) {
        return BY_OP.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(op).matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
