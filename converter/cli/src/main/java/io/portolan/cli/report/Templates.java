package io.portolan.cli.report;

import com.samskivert.mustache.DefaultCollector;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import io.portolan.checkpoints.values.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;

/** The templates of pages, which are Mustache resources. */
public final class Templates {
    private static final String FOLDER = "/report/";

    /** The compiler: all text is escaped, for HTML and for display, unless the template says otherwise; sections of empty text are omitted. */
    private static final Mustache.Compiler COMPILER = Mustache.compiler()
            .withEscaper(text -> Escapers.HTML.escape(VisibleText.lines(text)))
            .emptyStringIsFalse(true)
            .withCollector(new Collector())
            .withLoader(name -> open(name + ".mustache"));

    private Templates() {}

    /**
     * Renders a template with data.
     *
     * @param template name of the resource, without its ending
     */
    public static String render(String template, Object data) {
        try (Reader reader = open(template + ".mustache")) {
            return COMPILER.compile(reader).execute(data);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The text of a resource. */
    static String text(String name) {
        try (InputStream in = stream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A section of an optional value is rendered if the value is present. */
    private static final class Collector extends DefaultCollector {
        @Override
        public Iterator<?> toIterator(Object value) {
            return value instanceof Optional<?> optional ? optional.stream().iterator() : super.toIterator(value);
        }
    }

    private static Reader open(String name) {
        return new InputStreamReader(stream(name), StandardCharsets.UTF_8);
    }

    private static InputStream stream(String name) {
        InputStream in = Templates.class.getResourceAsStream(FOLDER + name);
        if (in == null) {
            throw new IllegalStateException("the resource " + FOLDER + name + " is missing: the build is incomplete");
        }
        return in;
    }
}
