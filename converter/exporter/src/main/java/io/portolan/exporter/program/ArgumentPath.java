package io.portolan.exporter.program;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The path of an argument, as {@code jax.tree_util.keystr} prints it, taken apart. */
final class ArgumentPath {
    private static final Pattern KEY = Pattern.compile(
            "\\['((?:[^'\\\\]|\\\\.)*)'\\]|\\[\"([^\"]*)\"\\]|\\[(\\d+)\\]|\\.(\\w+)|\\[(\\([^()]*\\))\\]");

    /** The texts in a key that is a tuple. */
    private static final Pattern TEXT = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'|\"([^\"]*)\"");

    private static final int TUPLE = 5;

    private ArgumentPath() {}

    /**
     * The argument that a path is in, and the keys in its tree: {@code [0]['params']['w']} gives {@code [0]} and params, w; text gives names
     * from the source, {@code v['params']['w']}.
     */
    static Parts of(String path) {
        Matcher key = KEY.matcher(path);
        List<String> keys = new ArrayList<>();
        String root = "";
        int end = 0;
        while (key.find(end) && (key.start() == end || keys.isEmpty() && root.isEmpty())) {
            if (root.isEmpty()) {
                boolean startsWithKey = key.start() == 0;
                root = startsWithKey ? key.group() : path.substring(0, key.start());
                end = startsWithKey ? key.end() : key.start();
                continue;
            }
            if (key.group(TUPLE) == null) {
                keys.add(name(key));
            } else {
                // The dictionary of flax's flatten_dict: each key is a path of its own.
                TEXT.matcher(key.group(TUPLE)).results().map(ArgumentPath::name).forEach(keys::add);
            }
            end = key.end();
        }
        return new Parts(root.isEmpty() ? path : root, keys);
    }

    /** An argument, and the keys that lead to an array in it. */
    record Parts(String root, List<String> keys) {
        Parts {
            keys = List.copyOf(keys);
        }
    }

    private static String name(MatchResult key) {
        for (int group = 1; group <= key.groupCount(); group++) {
            if (key.group(group) != null) {
                return key.group(group).replace("\\'", "'").replace("\\\\", "\\");
            }
        }
        throw new IllegalStateException(key.group());
    }
}
