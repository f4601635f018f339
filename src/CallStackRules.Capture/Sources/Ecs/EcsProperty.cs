using System.Reflection;
using System.Runtime.CompilerServices;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>One property of the event model, read and written without knowing its class.</summary>
/// <typeparam name="TValue">The property's type, or <see cref="object"/> for any reference.</typeparam>
internal abstract class EcsProperty<TValue>
{
    /// <summary>The property's value.</summary>
    /// <param name="owner">An object of the class that declares the property.</param>
    public abstract TValue Get(object owner);

    /// <summary>The property's value, which is to be added to: a list is made where there is none.</summary>
    /// <param name="owner">An object of the class that declares the property.</param>
    public virtual TValue Fill(object owner) => Get(owner);

    /// <summary>Sets the value.</summary>
    /// <param name="owner">An object of the class that declares the property.</param>
    /// <param name="value">The new value.</param>
    public abstract void Set(object owner, TValue value);

    /// <summary>Binds to a property's accessors.</summary>
    public static EcsProperty<TValue> Of(PropertyInfo property) =>
        (EcsProperty<TValue>)Activator.CreateInstance(typeof(Accessors<>).MakeGenericType(typeof(TValue), property.DeclaringType!), property)!;

    /// <summary>Binds to a field of a bag.</summary>
    /// <param name="get">Reads it, by name.</param>
    /// <param name="set">Sets it, by name.</param>
    /// <param name="name">Its name.</param>
    public static EcsProperty<TValue> Of(Func<FurtherFields, string, TValue> get, Action<FurtherFields, string, TValue> set, string name) => new Named(get, set, name);

    /// <summary>Binds to a list of a bag.</summary>
    /// <param name="get">Reads it, by name.</param>
    /// <param name="fill">The list to be filled, by name.</param>
    /// <param name="name">Its name.</param>
    public static EcsProperty<TValue> OfList(Func<FurtherFields, string, TValue> get, Func<FurtherFields, string, TValue> fill, string name) => new NamedList(get, fill, name);

    private sealed class Named(Func<FurtherFields, string, TValue> get, Action<FurtherFields, string, TValue> set, string name) : EcsProperty<TValue>
    {
        public override TValue Get(object owner) => get(Unsafe.As<FurtherFields>(owner), name);

        public override void Set(object owner, TValue value) => set(Unsafe.As<FurtherFields>(owner), name, value);
    }

    private sealed class NamedList(Func<FurtherFields, string, TValue> get, Func<FurtherFields, string, TValue> fill, string name) : EcsProperty<TValue>
    {
        public override TValue Get(object owner) => get(Unsafe.As<FurtherFields>(owner), name);

        public override TValue Fill(object owner) => fill(Unsafe.As<FurtherFields>(owner), name);

        public override void Set(object owner, TValue value) => throw new NotSupportedException("A list is filled.");
    }

    private sealed class Accessors<TOwner>(PropertyInfo property) : EcsProperty<TValue>
        where TOwner : class
    {
        private readonly Func<TOwner, TValue> _get = property.GetMethod!.CreateDelegate<Func<TOwner, TValue>>();
        private readonly Action<TOwner, TValue>? _set =
            property.PropertyType == typeof(TValue) ? property.SetMethod?.CreateDelegate<Action<TOwner, TValue>>() : null;

        // The tree of fields was built from the classes themselves: each property is only ever applied to an object of its class.
        public override TValue Get(object owner) => _get(Unsafe.As<TOwner>(owner));

        public override void Set(object owner, TValue value) => _set!(Unsafe.As<TOwner>(owner), value);
    }
}
