package io.portolan.graphs.data;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** Images made with the original generator and files that the reference's converter wrote with TensorFlow. */
public final class Resources {
    private Resources() {}

    /** A file or folder of the Pathfinder resources. */
    public static Path path(String name) {
        URL url = Objects.requireNonNull(Resources.class.getResource("/pathfinder/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Two records: {@code neg/sample_29.png} and {@code pos/sample_14.png} at 64 pixels. */
    public static Path records() {
        return path("two_records.tfrecord");
    }

    /** The same two images in the PNG layout, at 300 pixels. */
    public static Path images() {
        return path("imgs");
    }
}
