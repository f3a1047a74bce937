namespace ReleaseDashboard.Core.Logs.Questions;

internal static class Tasks
{
    /// <summary>Tasks that build an image write steps into the log, see <see cref="Outline.BuildSteps"/>.</summary>
    public const string ImagePrefix = "images.";
}
