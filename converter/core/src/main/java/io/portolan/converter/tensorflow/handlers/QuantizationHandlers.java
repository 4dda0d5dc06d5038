package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;

/** Quantisation to integers of few bits and back, also as one op, as in quantisation-aware training. */
final class QuantizationHandlers {
    private static final ElementTypes QUANTIZED =
            ElementTypes.of(DataType.DT_QUINT8, DataType.DT_QINT8, DataType.DT_QUINT16, DataType.DT_QINT16);

    static final List<OpDefinition> OPS = List.of(
            op("FakeQuantWithMinMaxArgs", FLOAT_ONLY)
                    .untyped()
                    .reads("min", "max", "num_bits", "narrow_range")
                    .real(node -> rounded(node, number(node, "min", -6), number(node, "max", 6))),
            op("FakeQuantWithMinMaxVars", FLOAT_ONLY)
                    .untyped()
                    .reads("num_bits", "narrow_range")
                    .real(node -> rounded(node, node.input(1), node.input(2))),
            op("FakeQuantWithMinMaxVarsPerChannel", FLOAT_ONLY)
                    .untyped()
                    .reads("num_bits", "narrow_range")
                    .real(node -> rounded(node, node.input(1), node.input(2))),
            op("QuantizeAndDequantizeV2", FLOATS)
                    .reads("signed_input", "num_bits", "range_given", "round_mode", "narrow_range", "axis")
                    .real(node -> thereAndBack(
                            node, node.integer("num_bits", 8), node.flag("range_given"), halves(node, "HALF_TO_EVEN"))),
            op("QuantizeAndDequantizeV3", FLOATS)
                    .reads("signed_input", "range_given", "narrow_range", "axis")
                    .real(node -> thereAndBack(node, node.integer(3), isTrue(node, "range_given"), Halves.TO_EVEN)),
            op("QuantizeAndDequantizeV4", FLOATS)
                    .reads("signed_input", "num_bits", "range_given", "round_mode", "narrow_range", "axis")
                    .real(node -> thereAndBack(
                            node, node.integer("num_bits", 8), node.flag("range_given"), halves(node, "HALF_TO_EVEN"))),
            op("QuantizeV2", QUANTIZED)
                    .reads("T", "mode", "round_mode", "narrow_range", "axis", "ensure_minimum_range")
                    .as(QuantizationHandlers::quantized),
            op("Dequantize", QUANTIZED)
                    .reads("mode", "narrow_range", "axis", "dtype")
                    .real(QuantizationHandlers::dequantized));

    /** Where a number halfway between two integers goes. */
    private enum Halves {
        TO_EVEN {
            @Override
            Value round(GraphBuilder b, Value x) {
                return b.apply(StandardOp.ROUND, x);
            }
        },
        UP {
            @Override
            Value round(GraphBuilder b, Value x) {
                return b.apply(StandardOp.FLOOR, b.add(x, b.like(x, 0.5)));
            }
        },
        AWAY_FROM_ZERO {
            @Override
            Value round(GraphBuilder b, Value x) {
                return SpecialFunctions.roundAway(b, x);
            }
        };

        abstract Value round(GraphBuilder b, Value x);
    }

    private QuantizationHandlers() {}

    private static Value number(NodeContext node, String attribute, double otherwise) {
        return node.builder().constant(TensorData.scalar(OnnxType.FLOAT, node.real(attribute, otherwise)));
    }

    /** The range is shifted such that 0 is one of its levels. */
    private static Value rounded(NodeContext node, Value min, Value max) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value half = b.like(x, 0.5);
        Value lowest = b.like(x, node.flag("narrow_range") ? 1 : 0);
        Value highest = b.like(x, (1L << node.integer("num_bits", 8)) - 1);
        Value scale = b.div(b.sub(max, min), b.sub(highest, lowest));
        Value zeroLevel = b.sub(lowest, b.div(min, scale));
        Value level = b.apply(
                StandardOp.MIN,
                b.apply(StandardOp.MAX, b.apply(StandardOp.FLOOR, b.add(zeroLevel, half)), lowest),
                highest);
        Value from = b.mul(b.sub(lowest, level), scale);
        Value to = b.mul(b.sub(highest, level), scale);
        Value clamped = b.apply(StandardOp.MIN, b.apply(StandardOp.MAX, x, from), to);
        Value steps = b.apply(
                StandardOp.FLOOR, b.add(b.mul(b.sub(clamped, from), b.apply(StandardOp.RECIPROCAL, scale)), half));
        return b.add(b.mul(steps, scale), from);
    }

    private static Halves halves(NodeContext node, String otherwise) {
        return Halves.valueOf(node.text("round_mode", otherwise).replace("HALF_", ""));
    }

    private static boolean isTrue(NodeContext node, String flag) {
        return !node.hasAttribute(flag) || node.flag(flag);
    }

    /** Rounds to the levels of integers; without a range, to that of the tensor, or of each of its slices along the axis. */
    private static Value thereAndBack(NodeContext node, long bits, boolean isRangeGiven, Halves halves) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        boolean isSigned = isTrue(node, "signed_input");
        double highest = (1L << (isSigned ? bits - 1 : bits)) - 1;
        double lowest = isSigned ? -highest - (node.flag("narrow_range") ? 0 : 1) : 0;
        if (isRangeGiven) {
            QuantizedRange range = QuantizedRange.scaled(
                    b, lowest, highest, alongAxis(node, node.input(1)), alongAxis(node, node.input(2)));
            return b.div(halves.round(b, range.level(b, x)), range.scale());
        }
        QuantizedRange range = QuantizedRange.scaled(
                b, lowest, highest, extreme(node, StandardOp.REDUCE_MIN), extreme(node, StandardOp.REDUCE_MAX));
        return b.div(halves.round(b, b.mul(x, range.scale())), range.scale());
    }

    private static Value extreme(NodeContext node, StandardOp reduction) {
        Value x = node.input(0);
        long axis = node.integer("axis", -1);
        long[] others =
                LongStream.range(0, x.rank()).filter(each -> each != axis).toArray();
        return node.builder().reduce(reduction, x, true, others);
    }

    /** A number for each slice along the axis, in the shape that broadcasts; without an axis, one number. */
    private static Value alongAxis(NodeContext node, Value numbers) {
        long axis = node.integer("axis", -1);
        if (axis < 0) {
            return numbers;
        }
        int rank = node.input(0).rank();
        return node.builder()
                .unsqueeze(
                        numbers,
                        LongStream.range(axis + 1, rank)
                                .map(each -> each - axis)
                                .toArray());
    }

    /** The integers, and the ends of the range that they stand for. */
    private static List<TranslatedTensor> quantized(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Levels levels = Levels.of(node.type("T"), node.flag("narrow_range"));
        Value least = b.apply(StandardOp.MIN, alongAxis(node, node.input(1)), b.like(x, 0));
        Value most = alongAxis(node, node.input(2));
        Value size = b.apply(
                StandardOp.MAX, b.apply(StandardOp.ABS, alongAxis(node, node.input(1))), b.apply(StandardOp.ABS, most));
        Value room = b.mul(b.apply(StandardOp.MAX, size, b.like(x, 1)), b.like(x, (float)
                node.real("ensure_minimum_range", 0.01f)));
        Value greatest = b.apply(StandardOp.MAX, b.apply(StandardOp.MAX, most, b.add(least, room)), b.like(x, 0));
        Quantized result = Mode.of(node).quantize(b, x, levels, least, greatest, halves(node, "HALF_AWAY_FROM_ZERO"));
        return List.of(
                new RealValue(b.cast(result.integers(), node.type("T"))),
                new RealValue(flat(b, result.min(), node.input(1))),
                new RealValue(flat(b, result.max(), node.input(2))));
    }

    private static Value flat(GraphBuilder b, Value end, Value like) {
        return end.rank() == like.rank() ? end : b.reshape(end, -1);
    }

    private static Value dequantized(NodeContext node) {
        GraphBuilder b = node.builder();
        if (node.hasAttribute("dtype") && node.type("dtype") != OnnxType.FLOAT) {
            throw new IllegalArgumentException("expected dtype DT_FLOAT");
        }
        Levels levels = Levels.of(node.input(0).element(), node.flag("narrow_range"));
        Value integers = b.cast(node.input(0), OnnxType.FLOAT);
        return Mode.of(node)
                .dequantize(b, integers, levels, alongAxis(node, node.input(1)), alongAxis(node, node.input(2)));
    }

    /** The integers of a type. */
    private record Levels(double lowest, double highest, double lowestScaled) {
        static Levels of(OnnxType type, boolean isNarrow) {
            int bits = 8 * type.bytes();
            double lowest = type.isUnsigned() ? 0 : -Math.scalb(1, bits - 1);
            return new Levels(lowest, lowest + Math.scalb(1, bits) - 1, lowest + (isNarrow ? 1 : 0));
        }

        double count() {
            return highest - lowest + 1;
        }

        boolean areBytes() {
            return lowest == 0 && highest == 255;
        }
    }

    /** Integers as floats, and the ends of the range that they stand for. */
    private record Quantized(Value integers, Value min, Value max) {}

    /** How a range is mapped to integers. */
    private enum Mode {
        /** The ends are the lowest and the highest integer; 0 may be between two. */
        MIN_COMBINED {
            @Override
            Quantized quantize(GraphBuilder b, Value x, Levels levels, Value min, Value max, Halves halves) {
                Value scale = b.div(b.like(x, levels.count() - 1), b.sub(max, min));
                Value inside = b.apply(StandardOp.MAX, b.apply(StandardOp.MIN, x, max), min);
                Value level = b.add(b.mul(b.sub(inside, min), scale), b.like(x, levels.lowest()));
                return new Quantized(SpecialFunctions.roundAway(b, level), min, max);
            }

            @Override
            Value dequantize(GraphBuilder b, Value q, Levels levels, Value min, Value max) {
                Value scale = b.div(b.sub(max, min), b.like(q, levels.count() - 1));
                return b.add(b.mul(b.sub(q, b.like(q, levels.lowest())), scale), min);
            }
        },
        /**
         * As before, with ends that are rounded such that 0 is an integer. For unsigned bytes TensorFlow has another kernel, which rounds the
         * distance from the lower end instead.
         */
        MIN_FIRST {
            @Override
            Quantized quantize(GraphBuilder b, Value x, Levels levels, Value min, Value max, Halves halves) {
                Value scale = b.div(b.like(x, levels.count() - 1), b.sub(max, min));
                Value distance = levels.areBytes()
                        ? SpecialFunctions.roundAway(b, b.mul(b.sub(x, min), scale))
                        : b.sub(
                                SpecialFunctions.roundAway(b, b.mul(x, scale)),
                                SpecialFunctions.roundAway(b, b.mul(min, scale)));
                Value level = b.add(distance, b.like(x, levels.lowest()));
                Value inside = b.apply(
                        StandardOp.MIN,
                        b.apply(StandardOp.MAX, level, b.like(x, levels.lowest())),
                        b.like(x, levels.highest()));
                return new Quantized(inside, min, max);
            }

            @Override
            Value dequantize(GraphBuilder b, Value q, Levels levels, Value min, Value max) {
                Value step = b.div(b.sub(max, min), b.like(q, levels.count() - 1));
                Value start = b.mul(SpecialFunctions.roundAway(b, b.div(min, step)), step);
                return b.add(start, b.mul(b.sub(q, b.like(q, levels.lowest())), step));
            }
        },
        /** 0 is 0, and the ends follow from that. */
        SCALED {
            @Override
            Quantized quantize(GraphBuilder b, Value x, Levels levels, Value min, Value max, Halves halves) {
                QuantizedRange range = QuantizedRange.scaled(b, levels.lowestScaled(), levels.highest(), min, max);
                return new Quantized(halves.round(b, range.level(b, x)), range.min(), range.max());
            }

            @Override
            Value dequantize(GraphBuilder b, Value q, Levels levels, Value min, Value max) {
                Value above = b.div(max, b.like(q, levels.highest()));
                Value scale = levels.lowest() == 0
                        ? above
                        : b.apply(StandardOp.MAX, b.div(min, b.like(q, levels.lowestScaled())), above);
                return b.mul(q, scale);
            }
        };

        static Mode of(NodeContext node) {
            String name = node.text("mode", "MIN_COMBINED");
            return Stream.of(values())
                    .filter(mode -> mode.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("expected a mode that is known, got " + name));
        }

        abstract Quantized quantize(GraphBuilder b, Value x, Levels levels, Value min, Value max, Halves halves);

        abstract Value dequantize(GraphBuilder b, Value q, Levels levels, Value min, Value max);
    }
}
