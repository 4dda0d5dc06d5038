/** The examples of {@code docs/spark.md}. */
package example;
