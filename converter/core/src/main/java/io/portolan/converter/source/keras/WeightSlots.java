package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/**
 * The weights of a layer and of those within it: placeholders of the shapes that its configuration asks for, until the values of the file
 * are given to them. A layer that is called again gets the same ones.
 */
final class WeightSlots {
    /**
     * A weight.
     *
     * @param name what the layer calls it
     * @param placeholder what stands for it in the graph
     * @param isTrained whether training changes it
     * @param isRead whether the layer computes with it
     */
    record Slot(String name, Output<?> placeholder, boolean isTrained, boolean isRead) {
        Slot fixed() {
            return new Slot(name, placeholder, false, isRead);
        }
    }

    private final String path;
    private final GraphOps tf;
    private final Map<String, Slot> own = new LinkedHashMap<>();
    private final Map<String, WeightSlots> children = new LinkedHashMap<>();
    private boolean isFrozen;

    /**
     * @param path where a {@code .keras} file has them, such as {@code layers/dense}
     */
    WeightSlots(String path, GraphOps tf) {
        this.path = path;
        this.tf = tf;
    }

    /** A weight that training changes. */
    Output<?> take(String name, DataType type, long... shape) {
        return take(name, type, true, true, shape);
    }

    /** A weight that training does not change. */
    Output<?> takeFixed(String name, DataType type, long... shape) {
        return take(name, type, false, true, shape);
    }

    /** A weight that files have, and that the layer does not need when a model is used; its type does not matter. */
    void pass(String name, long... shape) {
        take(name, DataType.DT_FLOAT, false, false, shape);
    }

    private Output<?> take(String name, DataType type, boolean isTrained, boolean isRead, long... shape) {
        Slot known = own.get(name);
        if (known == null) {
            known = new Slot(name, tf.placeholder(path + "/" + name, type, Shape.of(shape)), isTrained, isRead);
            own.put(name, known);
        } else if (!known.placeholder().shape().equals(Shape.of(shape))) {
            throw new ConversionException("is called with inputs for which its weight " + name + " has the shapes "
                    + known.placeholder().shape() + " and " + Shape.of(shape) + "; expected one");
        }
        return known.placeholder();
    }

    /** The weights of a layer within this one. */
    WeightSlots child(String attribute) {
        return children.computeIfAbsent(
                attribute, name -> new WeightSlots(path.isEmpty() ? name : path + "/" + name, tf));
    }

    /** Says that the layer was saved while training was not to change it. */
    void freeze() {
        isFrozen = true;
    }

    String path() {
        return path;
    }

    Collection<WeightSlots> children() {
        return children.values();
    }

    /** The weights of the layer itself in the order of a {@code .keras} file. */
    List<Slot> own() {
        return trainedFirst(own.values().stream().toList());
    }

    /** The weights of the layer and of all within it in the order of a {@code .h5} file: those that training changes come first. */
    List<Slot> all() {
        return trainedFirst(inOrder(false).toList());
    }

    private Stream<Slot> inOrder(boolean frozen) {
        boolean isFixed = frozen || isFrozen;
        Stream<Slot> mine = own().stream().map(slot -> isFixed ? slot.fixed() : slot);
        return Stream.concat(mine, children.values().stream().flatMap(child -> child.inOrder(isFixed)));
    }

    private static List<Slot> trainedFirst(List<Slot> slots) {
        List<Slot> ordered =
                new ArrayList<>(slots.stream().filter(Slot::isTrained).toList());
        slots.stream().filter(slot -> !slot.isTrained()).forEach(ordered::add);
        return ordered;
    }
}
