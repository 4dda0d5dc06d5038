package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.List;

/** Fourier transforms over the last axes. */
final class FourierOps {
    static final List<OpLowering> OPS = List.of(op("stablehlo.fft", "MatMul with DFT matrices, or DFT")
            .except("open sizes along the axes of the transform")
            .single(FourierOps::transform));

    private FourierOps() {}

    private static LoweredTensor transform(OpContext in) {
        List<Long> length = in.op().integers("fft_length");
        String name = in.op().keyword("fft_type") + (length.size() == 1 ? "" : length.size() + "D");
        FourierOp transform = List.of(FourierOp.values()).stream()
                .filter(each -> each.opName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no transform " + name));
        if (transform.kind() == FourierOp.Kind.FROM_REAL) {
            return in.result(pair(in.b().node(transform, Attributes.NONE, in.real(0))));
        }
        ComplexValue x = in.complex(0);
        if (transform.kind() == FourierOp.Kind.TO_REAL) {
            long width = length.get(length.size() - 1);
            Value y = in.b().apply(transform, Attributes.of(FourierOp.WIDTH, width), x.re(), x.im());
            return in.result(new RealValue(y));
        }
        return in.result(pair(in.b().node(transform, Attributes.NONE, x.re(), x.im())));
    }

    private static ComplexValue pair(List<Value> parts) {
        return new ComplexValue(parts.get(0), parts.get(1));
    }
}
