namespace ReleaseDashboard.Core.Model;

/// <summary>Why a command was not accepted. Nothing was changed.</summary>
/// <param name="Code">Stable, snake_case; part of the API: <c>setup_required</c>, <c>environment_removed</c>, <c>not_found</c>, <c>invalid</c>, <c>conflict</c>, <c>template_invalid</c>.</param>
/// <param name="Message">For people.</param>
/// <param name="Diagnostics">For <c>template_invalid</c>.</param>
public sealed record Refusal(string Code, string Message, IReadOnlyList<TemplateDiagnostic>? Diagnostics = null);

/// <summary>The value of an accepted command, or the reason it was refused.</summary>
public readonly record struct Outcome<T>
{
    private Outcome(T? value, Refusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    public T? Value { get; }
    public Refusal? Refusal { get; }

    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Refusal))]
    public bool Accepted => Refusal is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}
