package io.portolan.converter.source.keras;

import io.portolan.checkpoints.containers.ZipMember;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens that layers of a {@code .keras} archive have learned: texts with one token in each line. */
final class Vocabularies {
    private static final Pattern ENTRY = Pattern.compile("assets/(.+)/vocabulary\\.txt");

    /** Where Python begins another line. */
    private static final Pattern LINES = Pattern.compile("\r\n|[\n\r\u000b\f\u001c-\u001e\u0085\u2028\u2029]");

    private static final long LARGEST = 1L << 28;

    private Vocabularies() {}

    /**
     * The tokens by the paths of the layers.
     *
     * @param name how errors call the file
     * @throws CheckpointException if one is beyond the limits
     * @throws IOException if it cannot be read
     */
    static Map<String, List<String>> of(String name, Map<String, ZipMember> members) throws IOException {
        Map<String, List<String>> vocabularies = new HashMap<>();
        for (ZipMember member : members.values()) {
            Matcher entry = ENTRY.matcher(member.name());
            if (entry.matches()) {
                if (member.size() > LARGEST) {
                    throw new CheckpointException(
                            name + "!" + member.name() + ": " + member.size() + " bytes: expected at most " + LARGEST);
                }
                String text = StandardCharsets.UTF_8
                        .decode(member.contents().buffer())
                        .toString();
                vocabularies.put(entry.group(1), tokens(text));
            }
        }
        return vocabularies;
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>(List.of(LINES.split(text, -1)));
        while (!tokens.isEmpty() && tokens.get(tokens.size() - 1).isEmpty()) {
            tokens.remove(tokens.size() - 1);
        }
        return tokens;
    }
}
