package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.ir.Value;
import io.portolan.converter.stablehlo.LoweredTensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Lists of tensors as the inputs and outputs of nodes: a complex one takes two. */
final class Loops {
    private Loops() {}

    /** Tensors of the same kinds as the templates, with other values. */
    static List<LoweredTensor> like(List<LoweredTensor> templates, Iterator<Value> values) {
        List<LoweredTensor> made = new ArrayList<>();
        for (LoweredTensor template : templates) {
            made.add(LoweredTensor.of(
                    template.type(),
                    template.compact()
                            .of(template.compact().parts().stream()
                                    .map(part -> values.next())
                                    .toList())));
        }
        return made;
    }

    /** The parts of all tensors. */
    static List<Value> parts(List<LoweredTensor> tensors) {
        return tensors.stream()
                .flatMap(tensor -> tensor.compact().parts().stream())
                .toList();
    }
}
