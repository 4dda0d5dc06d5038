/**
 * The report of {@code portolan explain}: an {@link io.portolan.cli.report.Explanation} is all that there is to show, its
 * sections turn it into figures and tables, and {@link io.portolan.cli.report.ReportPage} makes one HTML page of them. The
 * templates serve other pages too.
 */
package io.portolan.cli.report;
