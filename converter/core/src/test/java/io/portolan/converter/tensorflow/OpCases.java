package io.portolan.converter.tensorflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All parity cases, by op. */
final class OpCases {
    private static final Map<String, List<ParityCase>> BY_OP = Stream.of(
                    ArrayCases.cases(),
                    RearrangingCases.cases(),
                    SlicingCases.cases(),
                    IndexCases.cases(),
                    ElementwiseCases.cases(),
                    ReductionCases.cases(),
                    MatrixCases.cases(),
                    LinearAlgebraCases.cases(),
                    SpecialCases.cases(),
                    ConvolutionCases.cases(),
                    GradientCases.cases(),
                    ImageCases.cases(),
                    ModelCases.cases(),
                    DetectionCases.cases(),
                    SamplingCases.cases(),
                    TableCases.cases(),
                    TextCases.cases(),
                    FusedCases.cases(),
                    SparseCases.cases(),
                    ComplexCases.cases(),
                    FourierCases.cases(),
                    ListCases.cases(),
                    RaggedCases.cases(),
                    OpenSizeCases.cases(),
                    ProgramCases.cases())
            .flatMap(cases -> cases)
            .collect(Collectors.groupingBy(ParityCase::op, LinkedHashMap::new, Collectors.toList()));

    private OpCases() {}

    /** The cases of an op. */
    static List<ParityCase> of(String op) {
        return BY_OP.getOrDefault(op, List.of());
    }

    /** The ops that have cases. */
    static Set<String> ops() {
        return BY_OP.keySet();
    }
}
