package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.ImageInput;
import java.util.List;

/**
 * The gradients of a logit by each frame, by a model that sees the frames of a still image as separate inputs. It is built on first use; of
 * a model of videos it is the model itself.
 */
final class FrameGradients implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final ModelConfig ofFrames;
    private final ModelGraph model;
    private ModelGraph video;
    private LogitGradients gradients;

    FrameGradients(Checkpoint checkpoint, ModelConfig config, ModelGraph model) {
        this.checkpoint = checkpoint;
        this.ofFrames = config.withInput(InputForm.VIDEO);
        this.model = model;
        this.video = config.inputForm() == InputForm.VIDEO ? model : null;
    }

    /** @param sample of a still image, or all frames */
    List<Plane> of(float[] sample, int chosenClass) {
        if (gradients == null) {
            video = video == null ? ModelGraph.build(checkpoint, ofFrames, Plan.FUSED) : video;
            gradients = new LogitGradients(video, ofFrames.classes(), List.of(video.input()));
        }
        ImageInput frames = ofFrames.input();
        float[] all = sample.length == video.sampleSize() ? sample : frames.inEveryFrame(sample);
        return Plane.ofPixels(gradients.of(all, chosenClass).gradients().get(0), frames);
    }

    @Override
    public void close() {
        if (video != null && video != model) {
            video.close();
        }
    }
}
