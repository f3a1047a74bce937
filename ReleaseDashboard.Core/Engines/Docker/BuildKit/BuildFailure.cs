using System.Text.RegularExpressions;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.BuildKit;

/// <summary>BuildKit's words for a build that failed → a sentence, the evidence and the next step. The wording differs between versions; both are matched.</summary>
internal static partial class BuildFailure
{
    /// <param name="image">Short name of the image: <c>web</c>.</param>
    /// <param name="error">The error of the whole build.</param>
    public static Failure Explain(string image, ImageBuildRequest request, string error, (string Name, string Error, IReadOnlyList<string> LastLines)? step)
    {
        var cause = Plain(step?.Error ?? error);
        if (NoDockerfile().IsMatch(error))
        {
            return new Failure($"{image}: there is no Dockerfile at {request.Dockerfile} in the build context.", null, "Check `context` and `dockerfile` in the template, that the file is committed on this branch, and that .dockerignore does not leave it out.");
        }

        if (BadTarget().Match(error) is { Success: true } target)
            return new Failure($"{image}: the Dockerfile has no stage named {request.Target ?? target.Groups[1].Value}.", cause, "Check `target` in the template against the `FROM … AS name` lines of the Dockerfile.");
        if (step is { } pulled && Base().Match(pulled.Name) is { Success: true } image2)
            return new Failure($"{image}: the base image {image2.Groups[1].Value} cannot be pulled: {cause}", cause, "Check the image's name in FROM, and that the machine running Docker can reach its registry and may pull from it.");
        if (Syntax().Match(error) is { Success: true } syntax)
            return new Failure($"{image}: the Dockerfile has an error: {syntax.Value}.", cause, $"Correct {request.Dockerfile} and push again.");
        if (step is { } failed)
        {
            var name = StepName().Replace(failed.Name, "");
            var evidence = failed.LastLines.Count > 0 ? string.Join('\n', failed.LastLines) : cause;
            return ExitCode().Match(failed.Error) is { Success: true } exit
                ? new Failure($"{image}: step {name} failed with exit code {exit.Groups[1].Value}.", evidence, "The step's last lines usually say why. Correct it and push again, or open the build and press Rebuild if the cause was outside.") { Clues = new FailureClues { ExitCode = int.Parse(exit.Groups[1].Value) } }
                : new Failure($"{image}: step {name} failed: {cause}.", evidence, "Correct the Dockerfile or the files it names, and push again.");
        }

        return new Failure($"{image}: the build failed: {cause}.", cause);
    }

    /// <summary>Without the wrapping that names only BuildKit's own parts.</summary>
    internal static string Plain(string error) => Wrapping().Replace(error, "").Trim().TrimEnd('.');

    [GeneratedRegex(@"failed to read dockerfile|Cannot locate specified Dockerfile|the Dockerfile .* cannot be found|dockerfile.*no such file or directory", RegexOptions.IgnoreCase)]
    private static partial Regex NoDockerfile();

    [GeneratedRegex(@"target stage ""?([^"" ]+)""? could not be found")]
    private static partial Regex BadTarget();

    [GeneratedRegex(@"^(?:\[internal\] load metadata for|resolve image config for(?: docker-image://)?) ?(.+)$")]
    private static partial Regex Base();

    [GeneratedRegex(@"(?:dockerfile parse error|Dockerfile parse error|unknown instruction|no build stage in current context|file with no instructions|failed to parse stage name).*", RegexOptions.IgnoreCase)]
    private static partial Regex Syntax();

    [GeneratedRegex(@"^\[[^\]]*\] ")]
    private static partial Regex StepName();

    [GeneratedRegex(@"exit code: (\d+)")]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"^(?:failed to solve(?: with frontend [\w.]+)?: |failed to (?:solve|build) LLB: |rpc error: code = \w+ desc = |failed to create LLB definition: |failed to compute cache key: (?:failed to calculate checksum of ref [^:]+: )?)+")]
    private static partial Regex Wrapping();
}
