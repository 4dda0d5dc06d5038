/**
 * The report of {@code portolan explain}: {@link io.portolan.cli.report.Explanation} holds the data, the sections turn it into figures
 * and tables, and {@link io.portolan.cli.report.ReportPage} combines them to one HTML page. The templates are used for other pages
 * too.
 */
package io.portolan.cli.report;
