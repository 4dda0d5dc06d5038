/**
 * Trains several models on the same data with the same budget and measures them: {@link
 * io.portolan.exporter.comparison.ComparisonPlan} is what is to be done, {@link io.portolan.exporter.comparison.Comparison} does it,
 * {@link io.portolan.exporter.comparison.ComparisonResult} is what came out.
 */
package io.portolan.exporter.comparison;
