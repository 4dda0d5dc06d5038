package io.portolan.graphs.data;

import io.portolan.images.ImageInput;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** A concatenation of data sets. */
final class JoinedDatasets implements Dataset {
    private final List<Dataset> parts;
    private final int size;

    /** @param parts at least one, all with the same input; closed with this data set */
    JoinedDatasets(List<Dataset> parts) {
        this.parts = List.copyOf(parts);
        this.size = parts.stream().mapToInt(Dataset::size).reduce(0, Math::addExact);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public ImageInput input() {
        return parts.get(0).input();
    }

    @Override
    public int load(int index, float[] target, int offset) throws IOException {
        int within = Objects.checkIndex(index, size);
        for (Dataset part : parts) {
            if (within < part.size()) {
                return part.load(within, target, offset);
            }
            within -= part.size();
        }
        throw new AssertionError("the index exceeds the size of all parts");
    }

    @Override
    public void close() throws IOException {
        for (Dataset part : parts) {
            part.close();
        }
    }
}
