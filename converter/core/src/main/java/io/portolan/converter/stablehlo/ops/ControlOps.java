package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Operation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Branches, loops and calls. */
final class ControlOps {
    static final List<OpLowering> OPS = List.of(
            exact("stablehlo.while", "Scan, Loop; short counted loops are unrolled")
                    .as(WhileLowering::lower),
            exact("stablehlo.case", "If").as(in -> cases(in, in.op().regions())),
            exact("stablehlo.if", "If")
                    .as(in -> choose(in, in.real(0), in.op().region(0), in.op().region(1))),
            exact("func.call", "the body of the function")
                    .as(in -> in.call(in.op().symbol("callee"), in.operands())),
            exact("stablehlo.composite", "the body of its decomposition")
                    .as(in -> in.call(in.op().symbol("decomposition"), in.operands())));

    private ControlOps() {}

    private static List<LoweredTensor> cases(OpContext in, List<Block> branches) {
        if (branches.size() == 1) {
            return in.inline(branches.get(0), List.of());
        }
        Optional<Operation> convert = in.producer(in.op().operand(0));
        boolean isTruth = branches.size() == 2
                && convert.filter(operation -> operation.name().equals("stablehlo.convert")
                                && operation.operand(0).tensor().element() == ElementType.I1)
                        .isPresent();
        if (isTruth) {
            Value condition = in.known(convert.get().operand(0))
                    .orElseThrow()
                    .full(in.b())
                    .parts()
                    .get(0);
            return choose(in, condition, branches.get(1), branches.get(0));
        }
        return cases(in, in.real(0), branches, 0, in.b().graph());
    }

    /** An index that is out of range runs the last branch. */
    private static List<LoweredTensor> cases(
            OpContext in, Value index, List<Block> branches, int from, OnnxGraph graph) {
        if (from == branches.size() - 1) {
            return in.translate(branches.get(from), List.of(), graph);
        }
        GraphBuilder b = new GraphBuilder(graph).scope(in.op().name());
        Value hit = b.apply(StandardOp.EQUAL, index, Numbers.integer(b, index, from));
        return choose(
                in,
                hit,
                then -> in.translate(branches.get(from), List.of(), then),
                otherwise -> cases(in, index, branches, from + 1, otherwise),
                b);
    }

    private static List<LoweredTensor> choose(OpContext in, Value condition, Block yes, Block no) {
        return choose(
                in,
                condition,
                graph -> in.translate(yes, List.of(), graph),
                graph -> in.translate(no, List.of(), graph),
                in.b());
    }

    /** Appends one of the branches to a graph. */
    private interface Branch {
        List<LoweredTensor> in(OnnxGraph graph);
    }

    private static List<LoweredTensor> choose(OpContext in, Value condition, Branch yes, Branch no, GraphBuilder b) {
        if (condition.isConstant()) {
            return (condition.data().orElseThrow().longAt(0) == 1 ? yes : no).in(b.graph());
        }
        OnnxGraph thenGraph = b.graph().nested(in.op().name() + "/then");
        List<LoweredTensor> results = results(yes, thenGraph);
        OnnxGraph elseGraph = b.graph().nested(in.op().name() + "/else");
        results(no, elseGraph);
        if (results.isEmpty()) {
            return results;
        }
        List<Value> outputs = b.node(
                StandardOp.IF,
                Attributes.NONE.with("then_branch", thenGraph).with("else_branch", elseGraph),
                b.cast(condition, OnnxType.BOOL));
        return Loops.like(results, outputs.iterator());
    }

    private static List<LoweredTensor> results(Branch branch, OnnxGraph graph) {
        List<LoweredTensor> full = new ArrayList<>();
        GraphBuilder b = new GraphBuilder(graph);
        for (LoweredTensor result : branch.in(graph)) {
            full.add(LoweredTensor.of(result.type(), result.full(b)));
        }
        Iterator<LoweredTensor> each = full.iterator();
        while (each.hasNext()) {
            each.next().compact().parts().forEach(part -> graph.addResult(graph.name() + "/result", part));
        }
        return full;
    }
}
