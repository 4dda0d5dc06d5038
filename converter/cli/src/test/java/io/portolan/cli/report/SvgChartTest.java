package io.portolan.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** Charts are drawings that say what they show. */
class SvgChartTest {
    @ParameterizedTest
    @EnumSource(Chart.Kind.class)
    void aChartNamesItsAxesAndSeries(Chart.Kind kind) throws Exception {
        Document svg = parse(new Chart(
                        kind,
                        "title",
                        "what there is to <see>",
                        "frame",
                        "gradient & unit",
                        List.of("a", "b"),
                        List.of(new Chart.Series("one", new double[] {1, 3}), new Chart.Series("two", new double[] {2, 0
                        })))
                .html());
        assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("what there is to <see>");
        assertThat(svg.getDocumentElement().getTextContent()).contains("frame", "gradient & unit", "one", "two");
        // A key for each series, and bars or lines.
        assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(kind == Chart.Kind.LINES ? 2 : 6);
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(kind == Chart.Kind.LINES ? 2 : 0);
    }

    @Test
    void barsAreAsLongAsTheirNumbers() throws Exception {
        Document svg = parse(new Chart(
                        Chart.Kind.BARS,
                        "",
                        "",
                        "",
                        "",
                        List.of("a", "b"),
                        List.of(new Chart.Series("one", new double[] {1, 2})))
                .html());
        double first = height(svg, 0);
        assertThat(height(svg, 1)).isEqualTo(2 * first);
    }

    @Test
    void numbersThatAreNoneDoNotBreakAChart() throws Exception {
        parse(new Chart(Chart.Kind.BARS, "", "", "", "", List.of("a"), List.of(new Chart.Series("one", new double[] {
                    Double.POSITIVE_INFINITY
                })))
                .html());
        parse(SvgChart.sparkline(new double[] {1}));
    }

    private static double height(Document svg, int bar) {
        return Double.parseDouble(((Element) svg.getElementsByTagName("rect").item(bar)).getAttribute("height"));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
