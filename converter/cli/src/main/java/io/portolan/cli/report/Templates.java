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

/** The templates of pages, Mustache files among the resources. */
public final class Templates {
    private static final String FOLDER = "/report/";

    /** All text is escaped, for HTML and for the eye, unless the template says otherwise; sections of empty text are left out. */
    private static final Mustache.Compiler COMPILER = Mustache.compiler()
            .withEscaper(text -> Escapers.HTML.escape(VisibleText.lines(text)))
            .emptyStringIsFalse(true)
            .withCollector(new Collector())
            .withLoader(name -> open(name + ".mustache"));

    private Templates() {}

    /**
     * The page that a template makes of data.
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

    /** A resource as it is. */
    static String text(String name) {
        try (InputStream in = stream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A section of something optional is there if that is. */
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
